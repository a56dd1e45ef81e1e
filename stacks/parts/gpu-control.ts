import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { controllerQuota, GpuPoolController } from "../../components/gpu-pool/controller.ts";
import type { GpuPool } from "../../components/gpu-pool/gpu-pool.ts";
import { GpuRollout } from "../../components/gpu-pool/rollout.ts";
import { GpuSecretsDelivery } from "../../components/gpu-pool/secrets-delivery.ts";
import { controllerPort } from "../../components/gpu-pool/traffic.ts";
import type { RegistryAccess, ValkeyConnection } from "../../components/joints.ts";
import { Namespace } from "../../components/namespace/namespace.ts";
import type { NamespacePlacement } from "../../components/namespace/placement.ts";
import type { Ownership } from "../../components/ownership.ts";
import type { Party } from "../../components/traffic/declaration.ts";
import type { PodTraffic } from "../../components/traffic/network-policy.ts";
import type { Deployment } from "../deployment.ts";

/** What whoever looks after the GPU workers is wired to. */
interface Joints {
  readonly ownership: Ownership;
  readonly deployment: Deployment;
  readonly pool: GpuPool;
  readonly registry: RegistryAccess;
  readonly traffic: (party: Party) => PodTraffic;
  readonly provider: kubernetes.Provider;
}

/** What the controller of the GPU workers is wired to. */
interface GpuControlJoints extends Joints {
  readonly party: Party;
  readonly broker: ValkeyConnection;
  readonly queue: string;
}

/** What whoever delivers the GPU workers' secrets is wired to, and what lets droplets go once others work. */
interface GpuSecretsJoints extends Joints {
  readonly parties: { readonly gpuSecretsDelivery: Party; readonly gpuRollout: Party };
  /** What is delivered. Secret. */
  readonly bundle: pulumi.Output<string>;
}

/** Where the controller is, for whoever collects metrics. */
export interface GpuControl {
  readonly namespace: NamespacePlacement;
  /** Address that tells where the droplets are. */
  readonly discovery: string;
}

/**
 * Puts the controller of an elastic GPU pool onto the cluster, in a namespace of its own: whoever reads its token can
 * make droplets.
 *
 * @returns undefined for a fixed pool
 */
export function createGpuControl(
  named: (thing: string) => string,
  joints: GpuControlJoints,
): GpuControl | undefined {
  const { ownership, deployment, pool, party, provider } = joints;
  const { gpuPoolToken: token } = deployment;
  const image = deployment.images.gpuPoolController;
  // That neither is missing for an elastic pool has been judged.
  if (!pool.steered || token === undefined || image === undefined) return undefined;
  const namespace = createNamespace(named, "gpu-control", joints);
  const controller = new GpuPoolController(
    named("gpu-controller"),
    {
      ownership,
      namespace,
      image,
      pool: pool.steered,
      broker: joints.broker,
      queue: joints.queue,
      token,
      traffic: joints.traffic(party),
    },
    { provider },
  );
  return {
    namespace,
    discovery: `http://${controller.host}:${controllerPort}/targets`,
  };
}

/**
 * Puts who delivers the GPU workers' secrets onto the cluster, in a namespace of its own: it has all that they have. Beside
 * it is what lets droplets go once others work, with the same key to them.
 *
 * @returns its namespace; undefined where an operator does both
 */
export function createGpuSecretsDelivery(
  named: (thing: string) => string,
  joints: GpuSecretsJoints,
): NamespacePlacement | undefined {
  const { ownership, deployment, pool, parties, traffic, provider } = joints;
  const { gpuSecretsToken: token } = deployment;
  const image = deployment.images.gpuPoolController;
  // That there is an image where there is a token has been judged.
  if (!pool.supplied || !pool.guarded || token === undefined || image === undefined) return undefined;
  const namespace = createNamespace(named, "gpu-secrets", joints);
  const shared = { ownership, namespace, image };
  const delivery = new GpuSecretsDelivery(
    named("gpu-secrets-delivery"),
    {
      ...shared,
      pool: pool.supplied,
      bundle: joints.bundle,
      token,
      traffic: traffic(parties.gpuSecretsDelivery),
    },
    { provider },
  );
  new GpuRollout(
    named("gpu-rollout"),
    {
      ...shared,
      namespace: { ...namespace, guards: [...namespace.guards, pool, delivery] },
      pool: pool.guarded,
      delivery,
      traffic: traffic(parties.gpuRollout),
    },
    { provider },
  );
  return namespace;
}

/** A namespace for whoever holds a token of DigitalOcean's. */
function createNamespace(
  named: (thing: string) => string,
  component: string,
  { ownership, registry, provider }: Joints,
): NamespacePlacement {
  const args = { ownership, component, quota: controllerQuota, registry };
  return new Namespace(named(component), args, { provider }).placement;
}
