import { podRule } from "../kubernetes/pods.ts";

/** How it was written before Kubernetes 1.30, and is still understood. */
const annotation = "container.apparmor.security.beta.kubernetes.io/";

export const refuseUnconfinedApparmor = podRule({
  name: "refuse-unconfined-apparmor",
  description:
    "Pods keep the runtime's profile of AppArmor, or bring one of their own: none is taken away but of a node agent to which the catalogue allows it.",
  remedy: 'take `appArmorProfile` out, or set `{ type: "RuntimeDefault" }`',
  severity: "high",
  references: [
    { framework: "Pod Security Standards", id: "baseline" },
    { framework: "Trivy", id: "KSV-0002" },
  ],
  check: (pod, report) => {
    if (pod.agent?.appArmor === "Unconfined") return;
    for (const { context, path } of pod.securityContexts()) {
      const { appArmorProfile: profile } = context;
      if (profile && !["RuntimeDefault", "Localhost"].includes(profile.type))
        report(`it is ${profile.type}`, `${path}.appArmorProfile.type`);
    }
    const metadata = pod.path.replace(/spec$/, "metadata");
    // Others may have values that are not known yet.
    for (const key of Object.keys(pod.annotations).filter((name) => name.startsWith(annotation))) {
      const profile = String(pod.annotations[key]);
      if (!/^(|runtime\/default|localhost\/.*)$/.test(profile))
        report(`it is ${profile}`, `${metadata}.annotations["${key}"]`);
    }
  },
});
