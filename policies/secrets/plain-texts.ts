import { type PolicyResource, type ResourceValidationPolicy, Secret } from "@pulumi/policy";
import { beginResource } from "../context.ts";
import { contentOf } from "../wrapped.ts";
import { credentialsIn } from "./texts.ts";

type Props = PolicyResource["props"];

/** A credential that stands where everybody reads it. */
interface PlainCredential {
  /** Path of the property. */
  readonly path: string;
  /** What kind it is; never the credential itself. */
  readonly kind: string;
}

const found = new Map<string, readonly PlainCredential[]>();

/**
 * Remedies nothing: it notes which credentials are not marked as secret. The engine tells policies what is secret only where
 * they may change it; those that judge are handed every value as if it were plain. Kubernetes' objects have a rule of their own.
 */
export const rememberPlainCredentials = {
  name: "remember-plain-credentials",
  description: "Notes which credentials a program hands to a resource in the clear.",
  enforcementLevel: "remediate",
  remediateResource: ({ urn, type, props }): undefined => {
    // What may change a resource is asked before what judges it.
    beginResource(urn);
    if (!type.startsWith("kubernetes:")) found.set(urn, plainCredentialsIn(contentOf(props)));
  },
} satisfies ResourceValidationPolicy;

/** The credentials that a resource is handed in the clear: as noted, or where no engine runs, as they stand there. */
export const plainCredentialsOf = (urn: string, props: Props): readonly PlainCredential[] =>
  found.get(urn) ?? plainCredentialsIn(contentOf(props));

function plainCredentialsIn(value: unknown, path = ""): PlainCredential[] {
  if (value instanceof Secret) return [];
  if (typeof value === "string") return credentialsIn(value).map((kind) => ({ path, kind }));
  if (Array.isArray(value))
    return value.flatMap((item, index) => plainCredentialsIn(item, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    plainCredentialsIn(inner, path === "" ? key : `${path}.${key}`),
  );
}
