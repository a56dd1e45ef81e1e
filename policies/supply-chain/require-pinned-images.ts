import { imagesOf } from "../kubernetes/images.ts";
import { podRule } from "../kubernetes/pods.ts";

const floating = ["latest", "stable", "main", "master", "edge", "nightly", "dev", "develop"];

export const requirePinnedImages = podRule({
  name: "require-pinned-images",
  description:
    "Images name a version or a digest: with a tag that moves, nobody knows what runs or what to go back to.",
  remedy: "write the version, `nginx:1.29.3`, or the digest, `nginx@sha256:...`",
  severity: "medium",
  references: [
    { framework: "Checkov", id: "CKV_K8S_14" },
    { framework: "Trivy", id: "KSV-0013" },
    { framework: "kube-linter", id: "latest-tag" },
  ],
  check: (pod, report) => {
    for (const { image, path } of imagesOf(pod)) {
      if (image.digest !== undefined) continue;
      if (image.tag === undefined || floating.includes(image.tag))
        report(`${image.text} names no version`, path);
    }
  },
});
