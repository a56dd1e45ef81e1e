import { imagesOf } from "../kubernetes/images.ts";
import { podRule } from "../kubernetes/pods.ts";

export const requireImageDigests = podRule({
  name: "require-image-digests",
  description:
    "Images name their digest: a version can be pushed again with other contents. Advice, because a digest is there only once somebody has resolved it.",
  remedy: "write the digest behind the version: `nginx:1.29.3@sha256:...`",
  severity: "low",
  level: "advisory",
  references: [
    { framework: "Checkov", id: "CKV_K8S_43" },
    { framework: "Gatekeeper library", id: "imagedigests" },
  ],
  check: (pod, report) => {
    const without = imagesOf(pod).flatMap(({ image }) => (image.isByDigest ? [] : [image.text]));
    if (without.length > 0) report(`no digest is named for ${[...new Set(without)].join(", ")}`, pod.path);
  },
});
