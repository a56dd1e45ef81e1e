import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { Store } from "../../store/store.ts";
import type { Cloud } from "../context.ts";
import { endpoint } from "../endpoint.ts";
import { conflict, found, preconditionFailed, refuseIfAny, unprocessable } from "../errors.ts";
import type { CloudResource, Family } from "../family.ts";
import { optional } from "../fields.ts";

/** A project, as stored and as shown. */
interface Project {
  readonly id: string;
  readonly owner_uuid: string;
  readonly owner_id: number;
  readonly name: string;
  readonly description: string;
  readonly purpose: string;
  readonly environment?: "Development" | "Staging" | "Production" | undefined;
  readonly is_default: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What somebody put into a project; everything else is in the default project. */
interface Assignment {
  readonly urn: string;
  readonly projectId: string;
  readonly assignedAt: string;
}

const collection = (store: Store) => store.collection<Project>("projects");
const assignments = (store: Store) => store.collection<Assignment>("project_assignments");

const owner = { owner_uuid: "99525febec065ca37b2ffe4f852fd2b2581895e7", owner_id: 258992 };
/** The kinds of URN that a project can hold, and the path of their things in the API. */
const pathOfUrn: Readonly<Record<string, string>> = {
  dbaas: "databases",
  domain: "domains",
  droplet: "droplets",
  floatingip: "floating_ips",
  kubernetes: "kubernetes/clusters",
  loadbalancer: "load_balancers",
  reservedip: "reserved_ips",
  space: "spaces",
  volume: "volumes",
  vpc: "vpcs",
};

const environment = z
  .string()
  .transform((text) => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase())
  .pipe(z.enum(["Development", "Staging", "Production"]));
const fields = {
  name: z.string().min(1).max(175),
  description: z.string().max(255),
  purpose: z.string().min(1).max(255),
  environment,
};
const createBody = z.strictObject({
  name: fields.name,
  description: fields.description.default(""),
  purpose: fields.purpose,
  environment: z
    .union([z.literal(""), fields.environment])
    .nullish()
    .transform((value) => value || undefined),
});
const replaceBody = z.strictObject({ ...fields, is_default: z.boolean() });
/** Go clients send null for what is not to change. */
const patchBody = z.strictObject({
  name: optional(fields.name),
  description: optional(fields.description),
  purpose: optional(fields.purpose),
  environment: optional(fields.environment),
  is_default: optional(z.boolean()),
});
const resourcesBody = z.strictObject({
  resources: z.array(z.string().regex(/^do:[a-z]+:.+$/, "is not a URN")),
});

const listProjects = endpoint({
  method: "GET",
  path: "/v2/projects",
  handle: ({ cloud, page }) => {
    defaultProject(cloud);
    return page("projects", collection(cloud.store).list());
  },
});

const create = endpoint({
  method: "POST",
  path: "/v2/projects",
  body: createBody,
  handle: ({ cloud, body }) => {
    defaultProject(cloud);
    refuseTakenName(cloud, body.name);
    return { project: put(cloud, { ...body, is_default: false }) };
  },
});

const read = endpoint({
  method: "GET",
  path: "/v2/projects/{project_id}",
  handle: ({ cloud, params }) => ({ project: requireProject(cloud, params.project_id) }),
});

const replace = endpoint({
  method: "PUT",
  path: "/v2/projects/{project_id}",
  body: replaceBody,
  handle: ({ cloud, params, body }) => ({ project: update(cloud, params.project_id, body) }),
});

const patch = endpoint({
  method: "PATCH",
  path: "/v2/projects/{project_id}",
  body: patchBody,
  handle: ({ cloud, params, body }) => ({ project: update(cloud, params.project_id, body) }),
});

const remove = endpoint({
  method: "DELETE",
  path: "/v2/projects/{project_id}",
  handle: ({ cloud, params }) => {
    const project = requireProject(cloud, params.project_id);
    if (project.is_default) throw preconditionFailed("The default project cannot be deleted");
    const held = resourcesOf(cloud, project);
    if (held.length > 0) {
      const names = held.map(({ urn }) => urn).join(", ");
      throw preconditionFailed(`A project with resources cannot be deleted; it holds ${names}`);
    }
    collection(cloud.store).delete(project.id);
  },
});

const listResources = endpoint({
  method: "GET",
  path: "/v2/projects/{project_id}/resources",
  handle: ({ cloud, params, page }) => {
    const held = resourcesOf(cloud, requireProject(cloud, params.project_id));
    return page(
      "resources",
      held.map(({ urn, assignedAt }) => presentResource(urn, assignedAt, "ok")),
    );
  },
});

const assign = endpoint({
  method: "POST",
  path: "/v2/projects/{project_id}/resources",
  status: 200,
  body: resourcesBody,
  handle: ({ cloud, params, body }) => {
    const project = requireProject(cloud, params.project_id);
    const urns = [...new Set(body.resources)];
    const known = new Map(cloud.resources().map(({ urn, tags = [] }) => [urn, tags]));
    refuseIfAny(
      ...urns.map((urn) =>
        pathOfUrn[typeOf(urn)] === undefined ? `resources: a project cannot hold ${urn}` : undefined,
      ),
    );
    return {
      resources: urns.map((urn) => {
        const tags = known.get(urn);
        if (tags === undefined) return presentResource(urn, cloud.timestamp(), "not_found");
        const before = projectOf(cloud, urn, tags);
        if (before.id !== project.id) assignToProject(cloud, urn, project.id);
        const status = before.id === project.id ? "already_assigned" : "assigned";
        return presentResource(urn, cloud.timestamp(), status);
      }),
    };
  },
});

/**
 * Puts something into a project; without one, into the default project.
 * @throws ApiError 422 when there is no such project.
 */
export function assignToProject(cloud: Cloud, urn: string, projectId?: string): void {
  const project = projectId === undefined ? defaultProject(cloud) : findProject(cloud, projectId);
  if (project === undefined) throw unprocessable(`project_id: there is no project ${projectId}`);
  assignments(cloud.store).put(urn, { urn, projectId: project.id, assignedAt: cloud.timestamp() });
}

/** What is wrong with naming this project, if anything. */
export function projectProblem(cloud: Cloud, projectId: string | undefined): string | undefined {
  return projectId === undefined || findProject(cloud, projectId) !== undefined
    ? undefined
    : `project_id: there is no project ${projectId}`;
}

/**
 * The project something is in. What a Kubernetes cluster's workloads have made, its load balancers and volumes, is in that of
 * the cluster, and moves with it, unless somebody has put it elsewhere.
 *
 * @param tags Its tags, which name a cluster it is of. Without them it is of none.
 */
export function projectOf(cloud: Cloud, urn: string, tags: readonly string[] = []): { readonly id: string } {
  const cluster = tags.find((tag) => tag.startsWith("k8s:") && tag !== "k8s:worker");
  const assigned =
    assignments(cloud.store).get(urn) ??
    (cluster === undefined
      ? undefined
      : assignments(cloud.store).get(cluster.replace("k8s:", "do:kubernetes:")));
  return (assigned && findProject(cloud, assigned.projectId)) ?? defaultProject(cloud);
}

function update(cloud: Cloud, id: string, change: z.output<typeof patchBody>): Project {
  const before = requireProject(cloud, id);
  const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
  const after = { ...before, ...given };
  if (after.name !== before.name) refuseTakenName(cloud, after.name);
  if (before.is_default && !after.is_default) {
    throw unprocessable("is_default: make another project the default instead");
  }
  if (after.is_default && !before.is_default) {
    const former = defaultProject(cloud);
    collection(cloud.store).put(former.id, { ...former, is_default: false });
  }
  const project = { ...after, updated_at: cloud.timestamp() };
  collection(cloud.store).put(project.id, project);
  return project;
}

function put(
  cloud: Cloud,
  given: Pick<Project, "name" | "description" | "purpose" | "environment" | "is_default">,
): Project {
  const at = cloud.timestamp();
  const project: Project = { id: randomUUID(), ...owner, ...given, created_at: at, updated_at: at };
  collection(cloud.store).put(project.id, project);
  return project;
}

function refuseTakenName(cloud: Cloud, name: string): void {
  if (
    collection(cloud.store)
      .list()
      .some((project) => project.name === name)
  ) {
    throw conflict(`name: a project named ${name} already exists in this account`);
  }
}

/** The default project, which is made when it is first needed. */
function defaultProject(cloud: Cloud): Project {
  const known = collection(cloud.store)
    .list()
    .find((project) => project.is_default);
  return (
    known ??
    put(cloud, {
      name: "first-project",
      description: "Update your project information under Settings",
      purpose: "Just trying out DigitalOcean",
      is_default: true,
    })
  );
}

function findProject(cloud: Cloud, id: string): Project | undefined {
  return id === "default" ? defaultProject(cloud) : collection(cloud.store).get(id);
}

function requireProject(cloud: Cloud, id: string): Project {
  return found(findProject(cloud, id));
}

function resourcesOf(cloud: Cloud, project: Project): { urn: string; assignedAt: string }[] {
  return cloud.resources().flatMap(({ urn, createdAt, tags = [] }) => {
    if (urn === undefined || pathOfUrn[typeOf(urn)] === undefined) return [];
    if (projectOf(cloud, urn, tags).id !== project.id) return [];
    return [{ urn, assignedAt: assignments(cloud.store).get(urn)?.assignedAt ?? createdAt }];
  });
}

function typeOf(urn: string): string {
  return urn.split(":")[1] ?? "";
}

function presentResource(urn: string, assignedAt: string, status: string): object {
  const [, type = "", ...id] = urn.split(":");
  const self = `https://api.digitalocean.com/v2/${pathOfUrn[type]}/${id.join(":")}`;
  return { urn, assigned_at: assignedAt, links: { self }, status };
}

/** Projects, and what is in them. */
export const projects: Family = {
  name: "projects",
  endpoints: [listProjects, create, read, replace, patch, remove, listResources, assign],
  resources: (store) =>
    collection(store)
      .list()
      .map(
        (project): CloudResource => ({
          kind: "projects",
          id: project.id,
          name: project.name,
          createdAt: project.created_at,
          permanent: project.is_default,
        }),
      ),
  forget: (cloud) => {
    // What is gone is in no project: a thing with the same name later begins in the default one.
    const known = new Set(cloud.resources().map(({ urn }) => urn));
    for (const { urn } of assignments(cloud.store).list()) {
      if (!known.has(urn)) assignments(cloud.store).delete(urn);
    }
  },
};
