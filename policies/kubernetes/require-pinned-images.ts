import { containerRule } from "./pods.ts";

const floating = ["latest", "stable", "main", "master", "edge", "nightly"];

export const requirePinnedImages = containerRule({
  name: "require-pinned-images",
  description:
    "Images name a version or a digest: with a tag that moves, nobody knows what runs or what to go back to.",
  remedy: "write the version, `nginx:1.29.3`, or the digest, `nginx@sha256:...`",
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_14" },
    { framework: "Trivy", id: "KSV-0013" },
  ],
  check: ({ image }, report, path) => {
    if (image === undefined || image.includes("@sha256:")) return;
    const tag = image.split("/").at(-1)?.split(":")[1];
    if (tag === undefined || floating.includes(tag)) report(`${image} names no version`, `${path}.image`);
  },
});
