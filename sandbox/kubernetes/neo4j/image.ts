/** What Neo4j's own image makes of a pod: its entry point reads variables and files, and writes `neo4j.conf`. Pure. */
import type { V1Container, V1Pod } from "@kubernetes/client-node";

/** Where the image expects the volume that holds the databases. */
export const DATA_FOLDER = "/data";
const CONFIGURATION_FILE = "/conf/neo4j.conf";

/** Variables that the entry point reads itself; every other one that begins with `NEO4J_` is a setting. */
const OWN_VARIABLES = new Set([
  "NEO4J_ACCEPT_LICENSE_AGREEMENT",
  "NEO4J_AUTH",
  "NEO4J_AUTH_PATH",
  "NEO4J_DEBUG",
  "NEO4J_EDITION",
  "NEO4J_HOME",
  "NEO4J_PLUGINS",
  "NEO4J_SHA256",
  "NEO4J_TARBALL",
]);

/** The container of a pod that runs Neo4j's image, whichever edition. */
export function neo4jContainer(pod: V1Pod): V1Container | undefined {
  return pod.spec?.containers.find(({ image = "" }) => /^(docker\.io\/(library\/)?)?neo4j:/.test(image));
}

/** Whether an image is the community edition of a version, as Neo4j tags it. */
export const isCommunity = (image: string, version: string): boolean =>
  [`neo4j:${version}`, `neo4j:${version}-community`].some((each) => image.split("@")[0]?.endsWith(each));

/** A container's own variables, each after those that it may name as `$(NAME)`. */
export function environmentOf(pod: V1Pod, container: V1Container): Map<string, string> {
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": pod.metadata?.name,
    "metadata.namespace": pod.metadata?.namespace,
    "metadata.uid": pod.metadata?.uid,
    "spec.nodeName": pod.spec?.nodeName,
    "status.podIP": pod.status?.podIP,
  };
  const environment = new Map<string, string>();
  for (const { name, value = "", valueFrom } of container.env ?? []) {
    const field = valueFrom?.fieldRef?.fieldPath;
    const expanded = value.replaceAll(
      /\$\(([\w.-]+)\)/g,
      (text, named: string) => environment.get(named) ?? text,
    );
    environment.set(name, field === undefined ? expanded : (fields[field] ?? ""));
  }
  return environment;
}

/** What the entry point starts the server with. */
export interface ImageStart {
  /** Settings by name. What they say to Java is left out. */
  readonly settings: Map<string, string>;
  /** User and password that a new server begins with; absent when the pod names none. */
  readonly firstCredentials?: { readonly user: string; readonly password: string };
}

/**
 * @param files What is mounted, by path in the container.
 * @throws when the password is not as the image wants it
 */
export function imageStart(
  environment: ReadonlyMap<string, string>,
  files: ReadonlyMap<string, string>,
): ImageStart {
  const settings = new Map<string, string>();
  for (const line of (files.get(CONFIGURATION_FILE) ?? "").split("\n")) {
    const [, name, value] = /^\s*([^#\s=]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && name !== "server.jvm.additional") settings.set(name, value ?? "");
  }
  // A variable counts for more than a line of the file.
  for (const [name, value] of environment) {
    const [, coded] = /^NEO4J_(\D.*)$/.exec(name) ?? [];
    if (coded !== undefined && !OWN_VARIABLES.has(name)) settings.set(settingName(coded), value);
  }
  const path = environment.get("NEO4J_AUTH_PATH");
  const credentials = path === undefined ? environment.get("NEO4J_AUTH") : files.get(path);
  if (credentials === undefined) return { settings };
  const [, user, password] = /^([^/]+)\/(.+?)\n?$/.exec(credentials) ?? [];
  if (user === undefined || password === undefined) {
    throw new Error("NEO4J_AUTH is not `neo4j/<password>`, as Neo4j's image wants it");
  }
  return { settings, firstCredentials: { user, password } };
}

/** Two underscores stand for one, and one for a dot. */
const settingName = (coded: string): string =>
  coded
    .split("__")
    .map((part) => part.replaceAll("_", "."))
    .join("_");
