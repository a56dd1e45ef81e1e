import * as pulumi from "@pulumi/pulumi";

/** One resource a program made, with what Pulumi's own mocks do not show: its options. */
export interface Recorded {
  readonly type: string;
  readonly name: string;
  /** Inputs as the provider would get them, secrets unwrapped. */
  readonly inputs: Record<string, unknown>;
  /** Which of the inputs, by top-level name, hold a secret and are encrypted in the state. */
  readonly secretInputs: readonly string[];
  /** Name of the parent; absent directly under the stack. */
  readonly parent?: string;
  readonly protect: boolean;
  /** Name of the resource whose deletion is also this one's. */
  readonly deletedWith?: string;
  /** Names of the resources it explicitly waits for. */
  readonly dependsOn: readonly string[];
  readonly ignoreChanges: readonly string[];
  readonly aliases: readonly unknown[];
}

/** What a run of a program left behind. */
export class Recording<Result> {
  readonly result: Result;
  readonly resources: readonly Recorded[];

  constructor(result: Result, resources: readonly Recorded[]) {
    this.result = result;
    this.resources = resources;
  }

  /** The resources of one type, e.g. `DatabaseCluster` or `digitalocean:index/databaseCluster:DatabaseCluster`. */
  ofType(type: string): Recorded[] {
    return this.resources.filter((resource) => resource.type === type || resource.type.endsWith(`:${type}`));
  }

  /** The one resource of a name; throws with the names there are. */
  named(name: string): Recorded {
    const found = this.resources.filter((resource) => resource.name === name);
    const [only] = found;
    if (only && found.length === 1) return only;
    const names = this.resources.map((resource) => resource.name).join(", ");
    throw new Error(`${found.length} resources are named "${name}"; there are: ${names}`);
  }

  /** Names of all resources, sorted. */
  names(): string[] {
    return this.resources.map(({ name }) => name).sort();
  }
}

/** What the cloud would add to a resource's inputs, by the last part of its type. */
type Outputs = Record<string, (name: string) => Record<string, unknown>>;

const server = (name: string) => ({
  host: `${name}.public.example`,
  privateHost: `${name}.private.example`,
  port: 25060,
  database: "defaultdb",
  user: "default",
  password: "p@ss/word",
  uri: `scheme://default:p@ss@${name}.public.example:25060`,
  privateUri: `scheme://default:p@ss@${name}.private.example:25060`,
});

const outputs: Outputs = {
  Cdn: () => ({ endpoint: "bucket.cdn.example" }),
  ContainerRegistries: () => ({ endpoint: "registry.digitalocean.com/registry" }),
  ContainerRegistryDockerCredentials: () => ({ dockerCredentials: '{"auths":{}}' }),
  DatabaseCluster: (name) => ({ ...server(name), clusterUrn: `do:dbaas:${name}` }),
  DatabaseConnectionPool: (name) => ({ ...server(name), port: 25061 }),
  DatabaseReplica: (name) => ({ ...server(name), uuid: `${name}-uuid` }),
  DatabaseUser: () => ({ password: "us:er@1" }),
  DnsRecord: (name) => ({ fqdn: `${name}.example` }),
  Domain: (name) => ({ domainUrn: `do:domain:${name}` }),
  Droplet: (name) => ({ ipv4AddressPrivate: `private-address-of-${name}`, dropletUrn: `do:droplet:${name}` }),
  Index: (name) => ({ ref: `reference of ${name}` }),
  KubernetesCluster: (name) => ({
    clusterUrn: `do:kubernetes:${name}`,
    kubeConfigs: [{ rawConfig: `kubeconfig of ${name}`, expiresAt: "2999-01-01T00:00:00Z" }],
  }),
  CertRequest: (name) => ({ certRequestPem: `request of ${name}` }),
  LocallySignedCert: (name) => ({ certPem: `certificate of ${name}` }),
  PrivateKey: (name) => ({
    privateKeyOpenssh: `key of ${name}`,
    privateKeyPem: `key of ${name}`,
    privateKeyPemPkcs8: `key of ${name}`,
    publicKeyOpenssh: `ssh-ed25519 AAAA ${name}\n`,
  }),
  RandomId: () => ({ hex: "5f2c0e9b" }),
  RandomPassword: () => ({ result: "drawn-at-random" }),
  SelfSignedCert: (name) => ({ certPem: `certificate of ${name}` }),
  Service: () => ({ status: { loadBalancer: { ingress: [{ ip: "198.51.100.20" }] } } }),
  SpacesBucket: (name) => ({
    bucketDomainName: `${name}.tor1.digitaloceanspaces.com`,
    bucketUrn: `do:space:${name}`,
  }),
  SpacesKey: (name) => ({ accessKey: `access-${name}`, secretKey: `secret-${name}` }),
  SshKey: (name) => ({ fingerprint: `fingerprint-of-${name}` }),
  Vpc: (name) => ({ vpcUrn: `do:vpc:${name}` }),
  VpcNatGateway: () => ({ egresses: [{ publicGateways: [{ ipv4: "198.51.100.9" }] }] }),
};

/** What functions of the cloud answer beside what they are asked. */
const answers: Readonly<Record<string, Record<string, string>>> = {
  getDatabaseCa: { certificate: "PEM" },
  getDatabaseMetricsCredentials: { username: "metrics", password: "of-the-account" },
  getLoadBalancer: { ip: "198.51.100.20" },
};

/**
 * Runs a program against Pulumi's mocks and records every resource it makes, options included. Ids are
 * `<name>-id`. Runs must not overlap, as Pulumi has one set of mocks; and outputs belong to the run that made them.
 *
 * @param program Makes resources, as the body of a Pulumi program would.
 */
export async function record<Result>(program: () => Result | Promise<Result>): Promise<Recording<Result>> {
  const inputs = new Map<string, Record<string, unknown>>();
  const made: pulumi.ResourceTransformationArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs: given, custom }) => {
        inputs.set(keyOf(type, name), given);
        const added = outputs[type.split(":").at(-1) ?? ""]?.(name) ?? {};
        return { id: custom ? `${name}-id` : undefined, state: { ...given, ...added } };
      },
      call: ({ token, inputs: given }) => ({ ...given, ...answers[token.split(":").at(-1) ?? ""] }),
    },
    "whisper-platform",
    "staging",
    false,
  );
  const outcomes: Outcome<Result>[] = [];
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation((resource) => {
      made.push(resource);
      return undefined;
    });
    outcomes.push(await attempt(program));
  });
  const resources = await Promise.all(made.map((resource) => describeResource(resource, inputs)));
  // The next run has mocks of its own: what this one still has to say to its own must be said before.
  await pulumi.runtime.disconnect();
  const [outcome] = outcomes;
  if (!outcome) throw new Error("the program did not run");
  if ("error" in outcome) throw outcome.error;
  return new Recording(outcome.result, resources);
}

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

/** A program that throws inside the stack leaves rejections nobody can catch: its error goes around it. */
async function attempt<Result>(program: () => Result | Promise<Result>): Promise<Outcome<Result>> {
  try {
    return { result: await program() };
  } catch (error) {
    return { error };
  }
}

/** What an output comes to, once it is known. */
export function resolved<T>(output: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => pulumi.output(output).apply(resolve));
}

/** The error a program is refused with; fails when it is not. */
export async function refusalOf(program: () => unknown): Promise<Error> {
  try {
    await record(program);
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("the program was not refused");
}

async function describeResource(
  { resource, type, name, opts }: pulumi.ResourceTransformationArgs,
  inputs: ReadonlyMap<string, Record<string, unknown>>,
): Promise<Recorded> {
  // Registration goes on after the constructor: only the URN says that it is over.
  await resolved(resource.urn);
  const options: pulumi.CustomResourceOptions = opts;
  const given = inputs.get(keyOf(type, name)) ?? {};
  const dependencies = await resolved(options.dependsOn ?? []);
  return {
    type,
    name,
    inputs: mapValues(given, unwrapped),
    secretInputs: Object.keys(given).filter((key) => holdsSecret(given[key])),
    ...(options.parent && { parent: await nameOf(options.parent) }),
    protect: options.protect ?? false,
    ...(options.deletedWith && { deletedWith: await nameOf(options.deletedWith) }),
    dependsOn: await Promise.all(
      [dependencies].flat().map((dependency) => nameOf(dependency as pulumi.Resource)),
    ),
    ignoreChanges: options.ignoreChanges ?? [],
    aliases: [...(options.aliases ?? [])],
  };
}

/** How Pulumi marks a secret on its way to a provider. */
const secretMark = "4dabf18193072939515e22adb298388d";

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (!isObject(value)) return value;
  return secretMark in value ? unwrapped(value.value) : mapValues(value, unwrapped);
}

function holdsSecret(value: unknown): boolean {
  return isObject(value) && (secretMark in value || Object.values(value).some(holdsSecret));
}

function mapValues(
  object: Record<string, unknown>,
  map: (value: unknown) => unknown,
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

async function nameOf(resource: pulumi.Resource): Promise<string> {
  return (await resolved(resource.urn)).split("::").at(-1) ?? "";
}

function keyOf(type: string, name: string): string {
  return `${type}::${name}`;
}

/** Whether Pulumi will encrypt an output wherever it is written. */
export function isSecret(output: pulumi.Output<unknown>): Promise<boolean> {
  return pulumi.isSecret(output);
}
