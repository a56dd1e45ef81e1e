import { trustedRepositories } from "../../catalog/registries.ts";
import { imagesOf } from "../kubernetes/images.ts";
import { podRule } from "../kubernetes/pods.ts";
import { settings } from "../settings.ts";

export const refuseUnknownRegistries = podRule({
  name: "refuse-unknown-registries",
  description:
    "Images come from publishers that are named: under a misspelt name anybody's program runs beside the data.",
  remedy:
    'take the image from one of them, or add its publisher to `policies:registries` in the stack\'s configuration, e.g. `- "ghcr.io/fluxcd/"`',
  severity: "medium",
  references: [
    { framework: "CIS Kubernetes", id: "5.5.1" },
    { framework: "Trivy", id: "KSV-0125" },
    { framework: "Kubescape", id: "C-0078" },
    { framework: "Gatekeeper library", id: "allowedrepos" },
  ],
  check: (pod, report) => {
    const trusted = [...Object.keys(trustedRepositories), ...settings().registries];
    for (const { image, path } of imagesOf(pod)) {
      // A registry without its slash would let in the one whose name begins alike.
      if (!trusted.some((begin) => `${image.repository}/`.startsWith(begin.replace(/\/?$/, "/"))))
        report(`nobody has named ${image.repository}`, path);
    }
  },
});
