import type { PlainValue } from "../../../../sandbox/providers/kit/values.ts";
import type { ObjectKind } from "../../../../sandbox/providers/kubernetes/objects/type-token.ts";

/** The kind that {@link deploymentDescription} describes. */
export const DEPLOYMENT: ObjectKind = { group: "apps", version: "v1", kind: "Deployment" };

const definition = (name: string): PlainValue => ({ $ref: `#/components/schemas/${name}` });
const withDefault = (name: string): PlainValue => ({ allOf: [definition(name)], default: {} });
const map = (values: PlainValue): PlainValue => ({ type: "object", additionalProperties: values });
const list = (items: PlainValue): PlainValue => ({ type: "array", items });
const text = { type: "string" };
const integer = { type: "integer", format: "int32" };
const flag = { type: "boolean" };

const META = "io.k8s.apimachinery.pkg.apis.meta.v1";
const APPS = "io.k8s.api.apps.v1";
const CORE = "io.k8s.api.core.v1";
const QUANTITY = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const INT_OR_STRING = "io.k8s.apimachinery.pkg.util.intstr.IntOrString";

const object = (properties: Record<string, PlainValue>, required: string[] = []): PlainValue => ({
  type: "object",
  properties,
  ...(required.length > 0 ? { required } : {}),
});

/** As much of `/openapi/v3/apis/apps/v1` as a Deployment's check can go wrong by, in the form the API server serves. */
export const deploymentDescription: PlainValue = {
  components: {
    schemas: {
      [`${APPS}.Deployment`]: {
        ...(object({
          apiVersion: text,
          kind: text,
          metadata: withDefault(`${META}.ObjectMeta`),
          spec: withDefault(`${APPS}.DeploymentSpec`),
          status: withDefault(`${APPS}.DeploymentStatus`),
        }) as object),
        "x-kubernetes-group-version-kind": [{ ...DEPLOYMENT }],
      },
      [`${APPS}.DeploymentSpec`]: object(
        {
          minReadySeconds: integer,
          paused: flag,
          replicas: integer,
          selector: definition(`${META}.LabelSelector`),
          strategy: withDefault(`${APPS}.DeploymentStrategy`),
          template: withDefault(`${CORE}.PodTemplateSpec`),
        },
        ["selector", "template"],
      ),
      [`${APPS}.DeploymentStatus`]: object({ replicas: integer }),
      [`${APPS}.DeploymentStrategy`]: object({
        rollingUpdate: object({
          maxSurge: definition(INT_OR_STRING),
          maxUnavailable: definition(INT_OR_STRING),
        }),
        type: text,
      }),
      [`${CORE}.PodTemplateSpec`]: object({
        metadata: withDefault(`${META}.ObjectMeta`),
        spec: withDefault(`${CORE}.PodSpec`),
      }),
      [`${CORE}.PodSpec`]: object({ containers: list(withDefault(`${CORE}.Container`)), hostNetwork: flag }, [
        "containers",
      ]),
      [`${CORE}.Container`]: object(
        {
          args: list(text),
          image: text,
          imagePullPolicy: { type: "string", enum: ["Always", "IfNotPresent", "Never"] },
          name: text,
          ports: list(object({ containerPort: integer }, ["containerPort"])),
          resources: object({ limits: map(definition(QUANTITY)) }),
        },
        ["name"],
      ),
      [`${META}.LabelSelector`]: object({ matchLabels: map(text) }),
      [`${META}.ObjectMeta`]: object({
        annotations: map(text),
        labels: map(text),
        name: text,
        namespace: text,
      }),
      [QUANTITY]: { oneOf: [{ type: "string" }, { type: "number" }] },
      [INT_OR_STRING]: { format: "int-or-string", oneOf: [{ type: "integer" }, { type: "string" }] },
    },
  },
};
