import library from "@pulumi/policy/deserialize.js";

/** Reads what the engine sent of a resource; with secrets marked as such where they are kept. */
type Deserialize = (sent: object | undefined, keepSecrets: boolean) => object;

/** The library's own, which its types leave out. */
const deserialize = library as unknown as { deserializeProperties: Deserialize };

/**
 * The policy library reads a resource's properties out of the engine's message anew for each of its policies, which was most
 * of what many rules cost. Rules change nothing, so that one reading does for all of them. What may change something is
 * handed its own (`keepSecrets`).
 */
export function deserializeOnce(): void {
  const original = deserialize.deserializeProperties;
  const known = new WeakMap<object, object>();
  deserialize.deserializeProperties = (sent, keepSecrets) => {
    if (keepSecrets || sent === undefined) return original(sent, keepSecrets);
    const read = known.get(sent) ?? original(sent, keepSecrets);
    known.set(sent, read);
    return read;
  };
}
