import { z } from "zod";
import { failure } from "../exit.ts";
import { subjects, verdicts } from "./check.ts";
import type { ClusterApi } from "./cluster.ts";
import type { ClusterObject } from "./environment.ts";
import type { HealthReport } from "./report.ts";

const metadata = z.object({ name: z.string(), creationTimestamp: z.coerce.date() });

const jobsSchema = z.object({
  items: z.array(
    z.object({
      metadata,
      status: z.object({
        conditions: z
          .array(z.object({ type: z.string(), status: z.string(), message: z.string().optional() }))
          .nullish(),
      }),
    }),
  ),
});

const podsSchema = z.object({ items: z.array(z.object({ metadata })) });

const verdict = z.enum(verdicts);
/** What the job prints. */
const reportSchema = z.object({
  schema: z.literal(1),
  environment: z.string(),
  target: z.enum(["sandbox", "digitalocean"]),
  verdict,
  checkedAt: z.string(),
  tookMs: z.number(),
  counts: z.record(verdict, z.number()),
  checks: z.array(
    z.object({
      subject: z.enum(subjects),
      name: z.string(),
      asked: z.string(),
      verdict,
      answer: z.string(),
      measured: z.record(z.string(), z.number()).optional(),
      remedy: z.string().optional(),
      tookMs: z.number(),
    }),
  ),
});

type PrintedReport = z.infer<typeof reportSchema>;

/** Of what is stated, and not of what may be left out. */
const withoutGaps = ({ checks, ...report }: PrintedReport): HealthReport => ({
  ...report,
  checks: checks.map(({ measured, remedy, ...check }) => ({
    ...check,
    ...(measured && { measured }),
    ...(remedy !== undefined && { remedy }),
  })),
});

/** A job has ended when one of these holds. */
const ends = ["Complete", "Failed"];

/**
 * What the job in the cluster has found the last time that it came to its end.
 *
 * @throws PlatformError when it never did, or ended before it could ask
 */
export async function lastScheduledRound(
  cluster: ClusterApi,
  { namespace, name }: ClusterObject,
  signal: AbortSignal,
): Promise<HealthReport> {
  const look = `kubectl -n ${namespace} describe cronjob/${name}`;
  const selector = encodeURIComponent(`app.kubernetes.io/instance=${name}`);
  const { items: jobs } = await cluster.read(
    `/apis/batch/v1/namespaces/${namespace}/jobs?labelSelector=${selector}`,
    jobsSchema,
    signal,
  );
  const ended = newestFirst(jobs).flatMap((job) => {
    const end = job.status.conditions?.find(({ type, status }) => ends.includes(type) && status === "True");
    return end === undefined ? [] : [{ job: job.metadata.name, end }];
  });
  const [last] = ended;
  if (last === undefined) {
    throw failure(`The scheduled checks have not come to an end yet, or not lately. "${look}" says why.`);
  }
  const { items: pods } = await cluster.read(
    `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(`job-name=${last.job}`)}`,
    podsSchema,
    signal,
  );
  const [pod] = newestFirst(pods);
  const lost = (why: string, cause?: unknown) =>
    failure(
      `The scheduled checks ended as ${last.end.type}, and what they found cannot be read: ${why}.\n"${look}" tells more.`,
      cause,
    );
  if (pod === undefined) throw lost(last.end.message ?? `${last.job} has no pod any more`);
  const path = `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/log`;
  return withoutGaps(
    await cluster.read(path, reportSchema, signal).catch((error: unknown) => {
      throw lost(`the log of ${pod.metadata.name} holds no report`, error);
    }),
  );
}

const newestFirst = <T extends { readonly metadata: { readonly creationTimestamp: Date } }>(
  items: readonly T[],
): T[] =>
  items.toSorted(
    (one, other) => other.metadata.creationTimestamp.getTime() - one.metadata.creationTimestamp.getTime(),
  );
