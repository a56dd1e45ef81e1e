import ipaddr from "ipaddr.js";
import { z } from "zod";
import { widestPrefix } from "../../catalog/addresses.ts";
import { regions } from "../../catalog/regions.ts";
import { dropletSizes } from "../../catalog/sizes.ts";
import { didYouMean } from "./did-you-mean.ts";
import { guided } from "./guidance.ts";

/** How a schema reports a fault whose remedy is more than "write what is expected". */
function refuse(context: z.RefinementCtx, problem: string, remedy: string): void {
  context.addIssue({ code: "custom", message: problem, params: { remedy } });
}

/** Regions that have everything the platform is made of, GPUs included. */
const wholeRegions = regions
  .filter(
    ({ slug, available, spaces, kubernetes, databases }) =>
      available &&
      spaces &&
      kubernetes &&
      databases &&
      dropletSizes.some((size) => size.gpu && (size.regions?.includes(slug) ?? true)),
  )
  .map(({ slug }) => slug);

const domain = guided(
  z
    .string()
    .max(253)
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
  {
    expects: "a fully qualified domain name in lower case",
    example: "staging.whisper.example.com",
  },
);

const region = guided(
  z.string().superRefine((slug, context) => {
    if (!wholeRegions.includes(slug)) {
      const known = regions.some((candidate) => candidate.slug === slug);
      const near = known ? undefined : didYouMean(slug, wholeRegions);
      refuse(
        context,
        `is "${slug}", which is ${known ? "a region without all the platform needs" : "no region of DigitalOcean's"}`,
        `${near ? `Did you mean "${near}"? ` : ""}Regions with Kubernetes, databases, Spaces and GPUs are ${wholeRegions.join(", ")}.`,
      );
    }
  }),
  { expects: "the slug of a DigitalOcean region", example: "tor1" },
);

const spacesRegions = regions.filter(({ spaces, available }) => spaces && available).map(({ slug }) => slug);

const backupRegion = guided(
  z.string().superRefine((slug, context) => {
    if (!spacesRegions.includes(slug)) {
      const near = didYouMean(slug, spacesRegions);
      refuse(
        context,
        `is "${slug}", where there are no buckets`,
        `${near ? `Did you mean "${near}"? ` : ""}Regions with buckets are ${spacesRegions.join(", ")}.`,
      );
    }
  }),
  { expects: "the slug of another region of DigitalOcean's", example: "nyc3" },
);

const label = guided(z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/), {
  expects: "1 to 63 lower-case letters, digits and inner hyphens",
  example: "transcription",
});

const bucketSuffix = guided(z.string().regex(/^[a-z0-9]{3,12}$/), {
  expects: "3 to 12 lower-case letters or digits that make the names of the buckets unique in the world",
  example: "k7f2q",
});

/** Repository with a registry's host, then a version: a tag, a digest, or both. */
const imageReference =
  /^[a-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+(:(?<tag>[\w][\w.-]{0,127}))?(@(?<digest>sha256:[a-f0-9]{64}))?$/;

const image = guided(
  z
    .string()
    .regex(imageReference, { abort: true })
    .superRefine((reference, context) => {
      const { tag, digest } = imageReference.exec(reference)?.groups ?? {};
      if (!digest && (!tag || tag === "latest")) {
        refuse(
          context,
          `is "${reference}", which names no fixed version`,
          `Add the tag or the digest of one build, for example ${reference.replace(/:latest$/, "")}:1.4.2.`,
        );
      }
    }),
  {
    expects: "an image with its registry and a fixed version",
    example: "registry.digitalocean.com/whisper-staging-registry/api:1.4.2",
  },
);

const namedRange = z.string().superRefine((cidr, context) => {
  const range = ipaddr.isValidCIDR(cidr) ? ipaddr.parseCIDR(cidr) : undefined;
  if (!range) {
    context.addIssue({ code: "invalid_format", format: "cidr" });
    return;
  }
  const [address, prefixLength] = range;
  if (prefixLength < widestPrefix[address.kind()]) {
    refuse(
      context,
      `is "${cidr}", which lets the internet, or a large part of it, reach the administration`,
      "Name the ranges your operators come from, such as the office's or the VPN's.",
    );
    return;
  }
  const parser = address.kind() === "ipv4" ? ipaddr.IPv4 : ipaddr.IPv6;
  const network = parser.networkAddressFromCIDR(cidr).toString();
  if (network !== address.toString()) {
    refuse(
      context,
      `is "${cidr}", whose address has bits set beyond its prefix`,
      `Write ${network}/${prefixLength} for the range, or ${address}/${address.kind() === "ipv4" ? 32 : 128} for the one address.`,
    );
  }
});

const range = { expects: "a range of addresses in CIDR notation", example: "203.0.113.0/24" };

/** The engine hands on what stands directly under a key as text. */
const onOrOff = z.enum(["true", "false"]).transform((text) => text === "true");
const positive = z.number().positive();
const sum = z.union([
  positive,
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(positive),
]);

const adminCidr = guided(namedRange, range);

const deployerCidr = guided(
  namedRange.superRefine((cidr, context) => {
    const [address] = ipaddr.isValidCIDR(cidr) ? ipaddr.parseCIDR(cidr) : [];
    if (address !== undefined && (address.kind() === "ipv6" || address.range() === "private")) {
      refuse(
        context,
        `is "${cidr}", and the Kubernetes API sees who deploys by a public IPv4 address`,
        "Name the public address of the runner, the VPN's exit or the office.",
      );
    }
  }),
  range,
);

const emailAddress = guided(z.email(), { expects: "an e-mail address", example: "on-call@example.com" });

const host = guided(z.string().regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/), {
  expects: "the name of a host in lower case",
  example: "smtp.example.com",
});

const mailPort = guided(z.union([z.literal(2525), z.literal(587)]), {
  expects: "2525 or 587: DigitalOcean lets nobody out on 25, and on 465 there is no STARTTLS",
  example: "2525",
});

/** As the IANA database writes it: Alertmanager minds capitals. */
const timeZone = guided(
  z.string().superRefine((name, context) => {
    if (name === "UTC" || isTimeZone(name)) return;
    const near = didYouMean(name, Intl.supportedValuesOf("timeZone"));
    refuse(
      context,
      `is "${name}", which is no time zone`,
      `${near ? `Did you mean "${near}"? ` : ""}Write a name of the IANA database, for example America/Toronto.`,
    );
  }),
  { expects: "a time zone of the IANA database", example: "America/Toronto" },
);

function isTimeZone(name: string): boolean {
  if (!/^[A-Z][\w+-]*(\/[A-Z][\w+-]*){1,2}$/.test(name)) return false;
  try {
    const { timeZone: known } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return known === name || known.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

const timeOfDay = guided(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { abort: true }), {
  expects: "a time of day from 00:00 to 23:59, quoted",
  example: '"09:00"',
});

/** Type, the key itself in base64, and whatever its owner wrote behind it. */
const publicKeyLine =
  /^(?<type>ssh-ed25519|ecdsa-sha2-nistp(256|384|521)|ssh-rsa) (?<key>[A-Za-z0-9+/]{40,}={0,2})( .*)?$/;

const sshPublicKey = guided(
  z
    .string()
    .regex(publicKeyLine, { abort: true })
    .superRefine((line, context) => {
      const { type = "", key = "" } = publicKeyLine.exec(line)?.groups ?? {};
      if (firstString(Buffer.from(key, "base64")) !== type) {
        refuse(
          context,
          `is "${line}", which says ${type} and holds no such key`,
          "Copy the line anew, whole, from the file whose name ends in .pub: nobody could sign in with this one.",
        );
      }
    }),
  {
    expects: "the one line of an OpenSSH public key",
    example: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI... ada@example.com",
  },
);

/** The string that a key begins with, which is its type: four bytes of length, and its letters (RFC 4253, 6.6). */
function firstString(blob: Buffer): string {
  return blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
}

/** An address of an OpenID provider, as its discovery document names it. */
const providerAddress = (endpoint: string, path: string) =>
  guided(z.url({ protocol: /^https$/ }), {
    expects: `the https address that the provider's discovery document names as ${endpoint}`,
    example: `https://id.example.com/oauth2/v1/${path}`,
  });

const providerGroups = guided(z.array(z.string().regex(/^[\w .:@/-]{1,200}$/)).min(1), {
  expects: "a list of at least one group's name of letters, digits, spaces and . : @ / _ -",
  example: "[platform]",
});

/** Sentry's form, which others took over: a public key, a host, and the number of a project. */
const dsn = /^https:\/\/(?<key>[^\s:@/]+)(?<secret>:[^\s@/]*)?@[^\s@/?#]+(\/[^\s/?#]+)*\/\d+$/;

const publicDsn = guided(
  z
    .string()
    .regex(dsn, { abort: true })
    .superRefine((text, context) => {
      if (dsn.exec(text)?.groups?.secret === undefined) return;
      refuse(
        context,
        "has a secret behind its key, and every browser would be told it (its value is not shown)",
        "Write the project's DSN as it is now, without a secret: https://<key>@<host>/<project>.",
      );
    }),
  {
    expects: "the public DSN of a project in the error tracker",
    example: "https://key@errors.example.com/2",
  },
);

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
  alerts: guided(
    z.strictObject({
      /** Addresses that get every alert; DigitalOcean sends only to verified ones. */
      emails: guided(z.array(emailAddress).min(1), {
        expects: "a list of at least one e-mail address",
        example: "[on-call@example.com]",
      }),
      /** Slack channel for the alerts, with `slackWebhook`. */
      slackChannel: guided(z.string().regex(/^#[a-z0-9_-]{1,79}$/), {
        expects: "a Slack channel with its hash sign, quoted",
        example: '"#whisper-alerts"',
      }).optional(),
      /** Mail server through which Alertmanager writes to {@link emails}, with `smtpPassword`. */
      smtp: guided(
        z
          .strictObject({
            host,
            /** Where it takes messages from whoever signs in, after STARTTLS. */
            port: mailPort,
            /** Address that the messages come from. */
            from: emailAddress,
            user: guided(z.string().min(1), { expects: "the name to sign in with", example: "apikey" }),
          })
          .optional(),
        { expects: "host, port, from and user", example: "host: smtp.example.com" },
      ),
      /** PagerDuty, which is told what is critical, with `pagerDutyRoutingKey`. */
      pagerDuty: guided(
        z
          .strictObject({
            /** Where the account is: its events have an address of their own. */
            region: guided(z.enum(["us", "eu"]), { expects: '"us" or "eu"', example: "us" }),
          })
          .optional(),
        { expects: "the region of the account", example: "region: us" },
      ),
      /** Who is told by e-mail of what is critical and has lasted, besides those who know already. */
      escalation: guided(
        z
          .strictObject({
            emails: guided(z.array(emailAddress).min(1), {
              expects: "a list of at least one e-mail address",
              example: "[head-of-operations@example.com]",
            }),
            afterMinutes: guided(z.number().int().min(5).max(240), {
              expects: "a whole number of minutes from 5 to 240",
              example: "30",
            }),
          })
          .optional(),
        { expects: "emails and afterMinutes", example: "afterMinutes: 30" },
      ),
      /** When what is only worth knowing is told, from Monday to Friday. */
      workingHours: guided(
        z
          .strictObject({ timeZone, from: timeOfDay, to: timeOfDay })
          .refine(({ from, to }) => from < to)
          .default({ timeZone: "UTC", from: "09:00", to: "18:00" }),
        { expects: "timeZone, from, and a later to", example: "timeZone: America/Toronto" },
      ),
    }),
    { expects: "who is told", example: "emails: [on-call@example.com]" },
  ),
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
  grafanaSignIn: guided(
    z
      .strictObject({
        /** What stands on the button. */
        providerName: guided(z.string().regex(/^[\w .-]{1,40}$/), {
          expects: "a name of up to 40 letters, digits, spaces, dots and hyphens",
          example: "Okta",
        }),
        /** What the provider calls Grafana. */
        clientId: guided(z.string().regex(/^[\w.:@/-]{1,200}$/), {
          expects: "the client id that the provider gave",
          example: "0oa1b2c3d4",
        }),
        authorizationUrl: providerAddress("authorization_endpoint", "authorize"),
        tokenUrl: providerAddress("token_endpoint", "token"),
        userInfoUrl: providerAddress("userinfo_endpoint", "userinfo"),
        /** Claim that lists somebody's groups. */
        groupsClaim: guided(z.string().regex(/^\w{1,60}$/), {
          expects: "the name of a claim",
          example: "groups",
        }).default("groups"),
        /** Groups of each role; who is in none of them is not let in. */
        groups: guided(
          z
            .strictObject({
              admin: providerGroups.optional(),
              editor: providerGroups.optional(),
              viewer: providerGroups.optional(),
            })
            .refine((groups) => Object.keys(groups).length > 0),
          { expects: "groups of at least one of admin, editor and viewer", example: "admin: [platform]" },
        ),
      })
      .optional(),
    {
      expects: "providerName, clientId, three addresses of the provider and groups",
      example: "providerName: Okta",
    },
  ),
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

/** Keys that hold a secret, and what each must be once it is decrypted. All are optional. */
export const secretSchemas = {
  /** Token with which the controller of an elastic GPU pool asks DigitalOcean: docs/gpu-pool.md names its scopes. */
  gpuPoolToken: guided(z.string().regex(/^\S{16,}$/), {
    expects: "an API token of DigitalOcean's",
    example: "dop_v1_...",
  }),
  /** Token with which whoever delivers the GPU workers' secrets reads droplets: docs/gpu-pool.md names its scopes. */
  gpuSecretsToken: guided(z.string().regex(/^\S{16,}$/), {
    expects: "an API token of DigitalOcean's that reads droplets",
    example: "dop_v1_...",
  }),
  /** Slack webhook that the alerts are sent to. */
  slackWebhook: guided(z.url({ protocol: /^https$/, hostname: /^hooks\.slack\.com$/ }), {
    expects: "the https address of a Slack webhook",
    example: "https://hooks.slack.com/services/...",
  }),
  /** Password of the mail server that `alerts.smtp` names. */
  smtpPassword: guided(z.string().min(1), { expects: "a password", example: "..." }),
  /** Integration key (Events API v2) of the service in PagerDuty that is told what is critical. */
  pagerDutyRoutingKey: guided(z.string().regex(/^[A-Za-z0-9]{32}$/), {
    expects: "an integration key of PagerDuty's, of 32 letters and digits",
    example: "0123456789abcdef0123456789abcdef",
  }),
  /** Address that Alertmanager calls each minute; who waits there raises the alarm when the calls stop. */
  heartbeatUrl: guided(z.url({ protocol: /^https$/ }), {
    expects: "an https address that takes a POST",
    example: "https://hc-ping.com/...",
  }),
  /** What proves to the provider of `grafanaSignIn` that it is Grafana which asks. */
  grafanaClientSecret: guided(z.string().regex(/^\S{8,}$/), {
    expects: "the client secret that the provider gave",
    example: "...",
  }),
  /** Where the application reports its errors. */
  errorTrackingDsn: guided(z.string().regex(dsn), {
    expects: "the https address (DSN) of a project in the error tracker, with its key and its number",
    example: "https://key@errors.example.com/1",
  }),
} as const;

/** What an environment's file says once it is known to be sound; secrets come apart. */
export type EnvironmentSettings = z.infer<typeof environmentSchema>;

/** Name of a key that holds a secret. */
export type SecretKey = keyof typeof secretSchemas;
