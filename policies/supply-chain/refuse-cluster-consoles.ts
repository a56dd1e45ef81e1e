import { imagesOf } from "../kubernetes/images.ts";
import { knownEntries } from "../kubernetes/known.ts";
import { podRule } from "../kubernetes/pods.ts";

/** What acts in the cluster for whoever reaches it, by the end of its image's name. */
const consoles = /(^|\/)(kubernetes-dashboard(-amd64)?|kubernetesui\/dashboard|tiller)$/;

/** What such a pod is called, whatever its image is. */
const named = /^(kubernetes-dashboard|tiller(-deploy)?)$/;

export const refuseClusterConsoles = podRule({
  name: "refuse-cluster-consoles",
  description:
    "Nothing runs that acts in the cluster for whoever reaches it, as Kubernetes' dashboard and Helm 2's server did: each was a way in for strangers.",
  remedy: "take it out, and use `kubectl` or a console of the operator's own machine",
  severity: "high",
  references: [
    { framework: "Checkov", id: "CKV_K8S_33" },
    { framework: "Checkov", id: "CKV_K8S_34" },
    { framework: "Trivy", id: "KSV-0102" },
  ],
  check: (pod, report) => {
    for (const { image, path } of imagesOf(pod)) {
      if (consoles.test(image.repository)) report(`${image.text} is one`, path);
    }
    const label = knownEntries(pod.labels).find(([, value]) => named.test(String(value)));
    if (label !== undefined) report(`its ${label[0]} is ${label[1]}`, pod.path);
  },
});
