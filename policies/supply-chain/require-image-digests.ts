import { imagesOf } from "../kubernetes/images.ts";
import { podRule } from "../kubernetes/pods.ts";

/** A part of one could be the beginning of many. */
const whole = /^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|(?!sha)[a-z0-9+._-]+:[0-9a-zA-Z=_-]{32,})$/;

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
    const without = imagesOf(pod).flatMap(({ image }) =>
      whole.test(image.digest ?? "") ? [] : [image.text],
    );
    if (without.length > 0) report(`no digest is named for ${[...new Set(without)].join(", ")}`, pod.path);
  },
});
