import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** What the tests change about the program. */
export interface Knobs {
  namespace: string;
  /** Whether a destroy waits for the namespace to be gone, which takes Kubernetes several seconds. */
  awaitNamespace: boolean;
  kubeconfig: string;
  replicas: number;
  greeting: string;
  /** More of the Deployment's spec, sound or not. */
  spec: object;
  ignoreChanges: string[];
  annotations: Record<string, string>;
  cpu: string;
  /** Whether objects that are there already are brought to what is wanted. */
  upsert: boolean;
}

/** A small application: a namespace, configuration and a secret password, a workload with its Service, a job, a custom kind. */
export function programOf(knobs: Knobs): pulumi.automation.PulumiFn {
  return async () => {
    const provider = new kubernetes.Provider("cluster", {
      kubeconfig: pulumi.secret(knobs.kubeconfig),
      upsertExistingObjects: knobs.upsert,
    });
    const skipAwait = knobs.awaitNamespace ? {} : { "pulumi.com/skipAwait": "true" };
    const namespace = new kubernetes.core.v1.Namespace(
      "app",
      { metadata: { name: knobs.namespace, annotations: skipAwait } },
      { provider },
    ).metadata.name;
    const password = new random.RandomPassword("password", { length: 20 });
    const config = new kubernetes.core.v1.ConfigMap(
      "config",
      { metadata: { namespace }, data: { greeting: knobs.greeting } },
      { provider },
    );
    new kubernetes.core.v1.Secret(
      "secret",
      { metadata: { name: "secret", namespace }, stringData: { password: password.result } },
      { provider },
    );
    const labels = { app: "web" };
    const container = {
      name: "web",
      image: "nginx:1.29.0",
      env: [
        { name: "GREETING", valueFrom: { configMapKeyRef: { name: config.metadata.name, key: "greeting" } } },
      ],
      resources: { requests: { cpu: knobs.cpu, memory: "64Mi" }, limits: { memory: "1024Mi" } },
    };
    const web = new kubernetes.apps.v1.Deployment(
      "web",
      {
        metadata: {
          name: "web",
          namespace,
          annotations: { "pulumi.com/timeoutSeconds": "300", ...knobs.annotations },
        },
        spec: {
          replicas: knobs.replicas,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { hostNetwork: false, containers: [container] } },
          ...knobs.spec,
        },
      },
      { provider, ignoreChanges: knobs.ignoreChanges },
    );
    const service = new kubernetes.core.v1.Service(
      "web",
      { metadata: { name: "web", namespace }, spec: { selector: labels, ports: [{ port: 80 }] } },
      { provider, dependsOn: [web] },
    );
    new kubernetes.batch.v1.Job(
      "migrate",
      {
        metadata: { name: "migrate", namespace },
        spec: {
          template: { spec: { restartPolicy: "Never", containers: [{ name: "m", image: "busybox:1.37" }] } },
        },
      },
      { provider },
    );
    const definition = new kubernetes.apiextensions.v1.CustomResourceDefinition(
      "things",
      { ...THINGS },
      { provider },
    );
    new kubernetes.apiextensions.CustomResource(
      "thing",
      {
        apiVersion: "example.com/v1",
        kind: "Thing",
        // The garbage collector, which sees to what belongs to a deleted object, hears of new kinds twice a minute only.
        metadata: {
          name: "thing",
          namespace,
          annotations: { "pulumi.com/deletionPropagationPolicy": "background" },
        },
        spec: { size: 3 },
      },
      { provider, dependsOn: [definition] },
    );
    return { address: service.spec.clusterIP };
  };
}

const THINGS = {
  metadata: { name: "things.example.com" },
  spec: {
    group: "example.com",
    names: { kind: "Thing", plural: "things", singular: "thing" },
    scope: "Namespaced",
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { type: "object", properties: { size: { type: "integer", minimum: 1 } } } },
          },
        },
      },
    ],
  },
};
