import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import ipaddr from "ipaddr.js";
import type { AskedResource } from "../../infra/cost.ts";
import type { Finding } from "./verdict.ts";

/** What an environment would be, as far as another must not share it. */
export interface PlannedEnvironment {
  readonly environment: string;
  /** What is asked of the cloud after the change. */
  readonly asked: readonly AskedResource[];
  /** The secrets of its configuration in the clear, by key. */
  readonly secrets: ReadonlyMap<string, string>;
}

/**
 * Finds what two environments share of networks, buckets and credentials: what goes wrong in one of them, or gets out of it,
 * must not reach the other. No rule of the pack can: it sees one stack.
 */
export const sharedThings = (planned: readonly PlannedEnvironment[]): Finding[] =>
  planned.flatMap((one, index) =>
    planned.slice(index + 1).flatMap((other) =>
      kinds.flatMap(({ policy, remedy, usedBy, isSame }) =>
        usedBy(one).flatMap((mine) =>
          usedBy(other)
            .filter((theirs) => isSame(mine.value, theirs.value))
            .map((theirs) => ({
              policy,
              pack: "gate",
              level: "mandatory" as const,
              message: `${mine.what} of ${one.environment} is ${theirs.what} of ${other.environment}.\nRemedy: ${remedy}`,
            })),
        ),
      ),
    ),
  );

/** Something that an environment uses. */
interface Used {
  /** By which it is told from others; of a secret it is the secret itself, so that it is never shown. */
  readonly value: string;
  /** What to look for in the program, e.g. `ipRange 10.10.0.0/16 of whisper-staging-network`. */
  readonly what: string;
}

/** A kind of thing that each environment has of its own. */
interface Kind {
  readonly policy: string;
  readonly remedy: string;
  readonly usedBy: (planned: PlannedEnvironment) => readonly Used[];
  readonly isSame: (one: string, other: string) => boolean;
}

const isEqual = (one: string, other: string): boolean => one === other;

const kinds: readonly Kind[] = [
  {
    policy: "refuse-shared-networks",
    remedy: "give each environment a VPC of its own, and refer to it by the component's output.",
    usedBy: ({ asked }) =>
      inputsNamed(asked, ["vpcUuid", "vpcId", "privateNetworkUuid"]).filter(({ value }) => uuid.test(value)),
    isSame: isEqual,
  },
  {
    policy: "refuse-overlapping-networks",
    remedy:
      "give each environment a block of its own (`stacks/posture.ts`): else they can never be told apart, nor joined.",
    usedBy: ({ asked }) =>
      inputsNamed(asked, ["ipRange", "clusterSubnet", "serviceSubnet"]).filter(({ value }) =>
        ipaddr.isValidCIDR(value),
      ),
    isSame: overlap,
  },
  {
    policy: "refuse-shared-buckets",
    remedy: "give each environment buckets of its own, and keys for those alone.",
    usedBy: ({ asked }) => [
      ...inputsNamed(
        asked.filter(({ type }) => bucketTypes.includes(type)),
        ["name", "bucket"],
      ),
      ...asked.filter(({ type }) => type === keyType).flatMap(grantsOf),
    ],
    isSame: isEqual,
  },
  {
    policy: "refuse-shared-credentials",
    remedy:
      "make a credential for each environment: `pulumi config set --secret <key> --stack <environment>`.",
    usedBy: ({ secrets }) => [...secrets].map(([key, value]) => ({ value, what: `the secret ${key}` })),
    isSame: isEqual,
  },
];

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const keyType = "digitalocean:index/spacesKey:SpacesKey";
const bucketTypes = [
  "digitalocean:index/spacesBucket:SpacesBucket",
  "digitalocean:index/spacesBucketObject:SpacesBucketObject",
  "digitalocean:index/spacesBucketPolicy:SpacesBucketPolicy",
];

/** Each input of one of these names, once for each value. */
function inputsNamed(asked: readonly AskedResource[], names: readonly string[]): Used[] {
  const used = asked.flatMap(({ name, inputs }) =>
    names.flatMap((input) => {
      const value = memberOf(inputs, input);
      return typeof value === "string" ? [{ value, what: `${input} ${value} of ${name}` }] : [];
    }),
  );
  return [...new Map(used.map((each): [string, Used] => [each.value, each])).values()];
}

function grantsOf({ name, inputs }: AskedResource): Used[] {
  const grants = memberOf(inputs, "grants");
  return (Array.isArray(grants) ? grants : []).flatMap((grant) => {
    const value = memberOf(grant, "bucket");
    return typeof value === "string" && value !== ""
      ? [{ value, what: `bucket ${value}, which the key ${name} opens,` }]
      : [];
  });
}

/** What is only known after the change is one text for all, and new in each. */
function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const member: unknown = new Map(Object.entries(value)).get(name);
  return member === unknownValue ? undefined : member;
}

function overlap(one: string, other: string): boolean {
  const [[oneAddress, oneBits], [otherAddress, otherBits]] = [ipaddr.parseCIDR(one), ipaddr.parseCIDR(other)];
  return (
    oneAddress.kind() === otherAddress.kind() &&
    oneAddress.match([otherAddress, Math.min(oneBits, otherBits)])
  );
}
