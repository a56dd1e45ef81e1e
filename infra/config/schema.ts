import { z } from "zod";
import { guided } from "./guidance.ts";
import { alerts } from "./sections/alerts.ts";
import { grafanaSignIn } from "./sections/grafana-sign-in.ts";
import { publicDsn } from "./values/error-tracker.ts";
import { image } from "./values/images.ts";
import { bucketSuffix, domain, label } from "./values/names.ts";
import { adminCidr, deployerCidr } from "./values/ranges.ts";
import { backupRegion, region } from "./values/regions.ts";
import { onOrOff, sum } from "./values/scalars.ts";
import { sshPublicKey } from "./values/ssh-keys.ts";

/**
 * The keys of `whisper-platform:` that an environment's file sets: what differs from one deployment to the next.
 * Sizes, counts and posture are not here: stacks/ says them, in code.
 */
export const environmentSchema = z.strictObject({
  /** Domain of the platform, whose DNS DigitalOcean serves; the front end answers on it, the API on `api.` before it. */
  domain,
  /** Region that holds everything, the buckets included. */
  region,
  /**
   * Region of the second copy of the backups, so that they outlive the loss of {@link region}. Choose it for distance and
   * for what the law says of where recordings may be kept: that no default can know.
   */
  backupRegion,
  /** Who answers for the environment; a tag and a label on everything. */
  owner: label,
  /** Whom it is charged to; a tag and a label on everything. */
  costCentre: label,
  /**
   * What the environment may cost a month in US dollars, autoscaling at its largest: the gate refuses a change after which
   * it would cost more. Without the key nothing is too dear.
   */
  monthlyBudgetUsd: guided(sum, { expects: "US dollars a month, greater than 0", example: "900" }).optional(),
  /** End of every bucket's name: the names of buckets are shared with all of DigitalOcean's customers. */
  bucketSuffix,
  /** What runs: one build of each image. */
  images: guided(
    z.strictObject({
      /** FastAPI backend, port 8000; it carries the migrations too. */
      api: image,
      /** Next.js front end, port 3000. */
      web: image,
      /** Asks from within the cluster whether the platform is well, built from images/health-monitor. */
      healthMonitor: image,
      /** Steers an elastic GPU pool and delivers the workers' secrets, built from images/gpu-pool-controller. */
      gpuPoolController: image.optional(),
      /** Celery worker: on Kubernetes for the light queues, on GPU droplets for transcription. */
      worker: image,
    }),
    {
      expects: "the images of api, web, worker and healthMonitor",
      example: "api: registry.digitalocean.com/whisper-staging-registry/api:1.4.2",
    },
  ),
  /** Resolves the tags of {@link images} to digests in an `up`, and keeps the digests until a tag is another. */
  pinImages: guided(z.union([z.boolean(), onOrOff]), {
    expects: "true or false",
    example: "true",
  }).optional(),
  /** Ranges of addresses that reach `/admin`. */
  adminCidrs: guided(z.array(adminCidr).min(1).max(50), {
    expects: "a list of 1 to 50 ranges of addresses in CIDR notation",
    example: "[203.0.113.0/24]",
  }),
  /**
   * Closes the Kubernetes API to everybody but {@link adminCidrs}, those who deploy, and the cluster's own nodes.
   * Without the key it stays as it is: open to whoever has credentials.
   */
  controlPlaneFirewall: guided(
    z
      .strictObject({
        /** Whether it stands; `false` takes down one that stood. */
        enabled: guided(z.boolean(), { expects: "true or false", example: "true" }),
        /** Public ranges from which the platform is deployed, CI's runners included. */
        deployerCidrs: guided(z.array(deployerCidr).min(1).max(50), {
          expects: "a list of 1 to 50 ranges of public addresses in CIDR notation",
          example: "[198.51.100.7/32]",
        }),
      })
      .optional(),
    { expects: "enabled and deployerCidrs", example: "{ enabled: true, deployerCidrs: [198.51.100.7/32] }" },
  ),
  /** Public keys of the operators that may sign in on droplets, by the operator's name. */
  operators: guided(
    z.record(label, sshPublicKey).refine((keys) => Object.keys(keys).length > 0),
    {
      expects: "at least one operator's name with an OpenSSH public key",
      example: "ada: ssh-ed25519 AAAA...",
    },
  ),
  /** Who is told when something is wrong. */
  alerts,
  /** What the browsers of users tell of themselves; docs/traces.md. */
  browsers: guided(
    z
      .strictObject({
        /** Whether they send spans, through the edge to the collector. */
        traces: guided(z.boolean(), { expects: "true or false", example: "true" }).default(false),
        /** Where they report their errors. Anybody can read it: the servers' own is the secret `errorTrackingDsn`. */
        errorTrackingDsn: publicDsn.optional(),
      })
      .optional(),
    {
      expects: "traces and errorTrackingDsn",
      example: "{ traces: true, errorTrackingDsn: https://key@errors.example.com/2 }",
    },
  ),
  /** Server of syslog over TLS, port 6514, to which GPU droplets send what they log; docs/logs.md. */
  gpuLogTarget: domain.optional(),
  /** An OpenID provider through which operators sign in to Grafana, with `grafanaClientSecret`; docs/dashboards.md. */
  grafanaSignIn,
  /** What the operator confirms of Neo4j's licence; without it the enterprise edition is refused. */
  neo4jLicence: guided(z.enum(["yes", "eval"]), {
    expects: '"yes" for a commercial licence that you hold, or "eval" for an evaluation',
    example: "eval",
  }).optional(),
  /** Lifts the protection of the stores, so that the environment can be destroyed after the next `up`. */
  decommission: guided(
    z
      .strictObject({
        /** The environment's name once more, so that the block cannot be copied unread. */
        confirm: guided(z.string(), { expects: "the name of the environment", example: "staging" }),
        /** Why it goes; kept in the history of the file and among the stack's outputs. */
        reason: guided(z.string().trim().min(10), {
          expects: "a reason of at least 10 letters",
          example: "moved to region ams3, see change 118",
        }),
      })
      .optional(),
    { expects: "confirm and reason", example: "confirm: staging" },
  ),
});

/** What an environment's file says once it is known to be sound; secrets come apart. */
export type EnvironmentSettings = z.infer<typeof environmentSchema>;
