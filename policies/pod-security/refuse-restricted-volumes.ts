import { podRule } from "../kubernetes/pods.ts";

/** The kinds of volumes that Kubernetes itself makes, or that a claim stands for. */
const plain = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "image",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

export const refuseRestrictedVolumes = podRule({
  name: "refuse-restricted-volumes",
  description:
    "Volumes are claims, or what Kubernetes itself makes: others reach the node's or a stranger's disks without anybody's leave. A node agent mounts the paths that the catalogue allows it.",
  remedy: "use a PersistentVolumeClaim, a ConfigMap, a Secret or an `emptyDir`",
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "restricted" },
    { framework: "Trivy", id: "KSV-0028" },
  ],
  check: ({ spec, path, agent }, report) => {
    for (const volume of spec.volumes ?? []) {
      const kinds = Object.entries(volume).flatMap(([kind, source]) =>
        kind === "name" || source === undefined || source === null ? [] : [kind],
      );
      // Without any, Kubernetes makes an `emptyDir` of it.
      const [forbidden] = kinds.filter((kind) => !plain.includes(kind));
      if (forbidden === undefined || (forbidden === "hostPath" && agent !== undefined)) continue;
      report(`it is a ${forbidden}`, `${path}.volumes[${volume.name}].${forbidden}`);
    }
  },
});
