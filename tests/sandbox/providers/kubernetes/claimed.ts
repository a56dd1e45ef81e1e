import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { claimTemplate, createClaims, ofStatefulSet } from "../../../../components/workload/claims.ts";

/** What a test changes about a StatefulSet. */
export interface Claimed {
  readonly namespace: string;
  readonly kubeconfig: string;
  /** Whether the pod's volume comes of a template, as it does today, or is named in the pod, as it once was. */
  templated: boolean;
  gib: number;
}

/** A StatefulSet with a claim of the program's own, changed as every one of ours is. */
export function claimedOf(claimed: Claimed): pulumi.automation.PulumiFn {
  return async () => {
    const provider = new kubernetes.Provider("cluster", { kubeconfig: pulumi.secret(claimed.kubeconfig) });
    const unhurried = { annotations: { "pulumi.com/skipAwait": "true" } };
    const namespace = new kubernetes.core.v1.Namespace(
      "namespace",
      { metadata: { name: claimed.namespace, ...unhurried } },
      { provider },
    );
    const labels = { app: "store" };
    // It is waited for, when it goes too: only then can the next one have its name.
    const metadata = { name: "store", namespace: claimed.namespace, labels };
    const options = { parent: namespace, dependsOn: [namespace], provider };
    const volume = {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: `${claimed.gib}Gi` } } },
      storeLabels: { store: `of-${claimed.gib}` },
    };
    const place = { metadata, podLabels: labels, options };
    const claims = createClaims("store", { ...volume, count: 1, protect: false }, place);
    const byName = [{ name: "volume", persistentVolumeClaim: { claimName: "data-store-0" } }];
    new kubernetes.apps.v1.StatefulSet(
      "store",
      {
        metadata,
        spec: {
          serviceName: "store",
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              containers: [
                {
                  name: "store",
                  image: "example.com/store:1",
                  volumeMounts: [{ name: claimed.templated ? "data" : "volume", mountPath: "/data" }],
                },
              ],
              ...(!claimed.templated && { volumes: byName }),
            },
          },
          ...(claimed.templated && { volumeClaimTemplates: [claimTemplate(volume)] }),
        },
      },
      { ...options, ...ofStatefulSet(claims) },
    );
  };
}
