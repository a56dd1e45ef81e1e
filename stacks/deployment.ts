import type * as pulumi from "@pulumi/pulumi";
import type { MailServer, Receivers } from "../components/alertmanager/receivers.ts";
import type { SignIn } from "../components/grafana/sign-in.ts";

/** What an operator decides for one deployment: the configuration, once it is known to be sound. */
export interface Deployment {
  /** `staging` or `production`. */
  readonly environment: string;
  /** Domain of the front end; the API answers on `api.` before it. */
  readonly domain: string;
  readonly region: string;
  /** Region of the second copy of the backups. */
  readonly backupRegion: string;
  readonly owner: string;
  readonly costCentre: string;
  /** End of every bucket's name. */
  readonly bucketSuffix: string;
  /** The builds that run. */
  readonly images: {
    readonly api: string;
    readonly web: string;
    readonly worker: string;
    /** What asks from within the cluster whether the platform is well. */
    readonly healthMonitor: string;
    /** For an elastic GPU pool, and for delivering the secrets of one of either kind. */
    readonly gpuPoolController?: string | undefined;
  };
  /** Whether tags are resolved to digests in an `up`, and the digests kept until the tag in {@link images} is another. */
  readonly pinImages: boolean;
  /** Ranges of addresses that operators come from. */
  readonly adminCidrs: readonly string[];
  /** Closes the Kubernetes API to all but operators and these, from whom the platform is deployed. */
  readonly controlPlaneFirewall?: { readonly enabled: boolean; readonly deployerCidrs: readonly string[] };
  /** Public keys of those who may sign in on droplets, by name. */
  readonly operators: Readonly<Record<string, string>>;
  /** Who is told when something is wrong. */
  readonly alerts: {
    readonly emails: readonly string[];
    readonly slackChannel?: string;
    /** Secret. */
    readonly slackWebhook?: pulumi.Output<string>;
    /** Through which Alertmanager writes to {@link emails}. */
    readonly smtp?: MailServer;
    /** Secret. */
    readonly smtpPassword?: pulumi.Output<string>;
    readonly pagerDuty?: Required<Receivers>["pagerDuty"];
    /** Secret. */
    readonly pagerDutyRoutingKey?: pulumi.Output<string>;
    readonly escalation?: Required<Receivers>["escalation"];
    /** Who waits outside for a sign of life. Secret. */
    readonly heartbeatUrl?: pulumi.Output<string>;
    readonly workingHours: Receivers["workingHours"];
  };
  /** Who says which operator somebody is who wants to look at the dashboards. */
  readonly grafanaSignIn?: SignIn;
  /** What the operator confirms of Neo4j's licence, which its enterprise edition demands. */
  readonly neo4jLicence?: "yes" | "eval";
  /** With which the controller of an elastic GPU pool asks DigitalOcean. Secret. */
  readonly gpuPoolToken?: pulumi.Output<string>;
  /** With which whoever delivers the GPU workers' secrets asks DigitalOcean; without it an operator does. Secret. */
  readonly gpuSecretsToken?: pulumi.Output<string>;
  /** Host to which GPU droplets send what they log, by syslog over TLS; without it, each keeps its own. */
  readonly gpuLogTarget?: string | undefined;
  /** What the browsers of users tell of themselves. */
  readonly browsers?:
    | {
        /** Whether they send spans. */
        readonly traces: boolean;
        /** Where they report their errors; public. */
        readonly errorTrackingDsn?: string | undefined;
      }
    | undefined;
  /** Where the application reports its errors. Secret. */
  readonly errorTrackingDsn?: pulumi.Output<string>;
  /** Whether the environment is about to be taken down: its stores are no longer protected. */
  readonly decommissioned: boolean;
}
