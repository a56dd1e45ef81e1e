import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  configNamespace,
  decommissionLines,
  describeFaults,
  environments,
  parseEnvironmentConfig,
} from "../../infra/config/index.ts";
import { environmentSchema } from "../../infra/config/schema.ts";

const committed = (environment: string): Record<string, unknown> => {
  const file: { config: Record<string, unknown> } = parse(
    readFileSync(new URL(`../../Pulumi.${environment}.yaml`, import.meta.url), "utf8"),
  );
  return Object.fromEntries(
    Object.entries(file.config)
      // What it says to the rules is not the program's.
      .filter(([key]) => !key.startsWith("policies:"))
      .map(([key, value]) => [key.replace(`${configNamespace}:`, ""), value]),
  );
};

const sound = committed("staging");

function faultsOf(values: Record<string, unknown>, environment = "staging") {
  const result = parseEnvironmentConfig(environment, values);
  return "faults" in result ? result.faults : [];
}

describe("the committed configuration", () => {
  it.each(environments)("of %s is sound and needs no secret", (environment) => {
    const result = parseEnvironmentConfig(environment, committed(environment));
    expect(result).toMatchObject({ config: { environment, secrets: {} } });
  });

  // The engine refuses to run where a declared key is missing: an optional one must not be declared.
  it("has to say what Pulumi.yaml declares, and nothing else", () => {
    const { config } = parse(readFileSync(new URL("../../Pulumi.yaml", import.meta.url), "utf8"));
    const demanded = Object.entries(environmentSchema.shape)
      .filter(([, schema]) => !schema.safeParse(undefined).success)
      .map(([key]) => key);
    expect(Object.keys(config).sort()).toEqual(demanded.sort());
  });

  it("shares no name that must be unique between the environments", () => {
    const [staging, production] = environments.map(committed);
    for (const key of ["domain", "bucketSuffix"]) {
      expect(staging?.[key]).not.toBe(production?.[key]);
    }
  });
});

describe("the region of the backups' second copy", () => {
  it.each([
    ["tor1", /^is "tor1", where the environment itself is/],
    ["nyc1", /^is "nyc1", where there are no buckets/],
    ["nyc33", /^is "nyc33", where there are no buckets/],
  ])("is not %s", (backupRegion, problem) => {
    const [fault] = faultsOf({ ...sound, backupRegion });
    expect(fault).toMatchObject({ path: "whisper-platform:backupRegion" });
    expect(fault?.problem).toMatch(problem);
  });

  it("is another that has buckets", () => {
    expect(faultsOf({ ...sound, backupRegion: "ams3" })).toEqual([]);
  });
});

describe("whether images are pinned", () => {
  it.each([
    ["true", true],
    ["false", false],
    [true, true],
    [undefined, undefined],
  ])("is said by %j, as the engine and as a file spell it", (pinImages, meant) => {
    const result = parseEnvironmentConfig("staging", {
      ...sound,
      ...(pinImages !== undefined && { pinImages }),
    });
    expect("config" in result && result.config.pinImages).toBe(meant);
  });

  it("is not said by anything else", () => {
    expect(faultsOf({ ...sound, pinImages: "yes" }).map(({ path }) => path)).toEqual([
      "whisper-platform:pinImages",
    ]);
  });
});

describe("what an environment may cost", () => {
  it.each([[900], ["900"], ["900.00"]])(
    "is said by %j, as the engine and as a file spell it",
    (monthlyBudgetUsd) => {
      const result = parseEnvironmentConfig("staging", { ...sound, monthlyBudgetUsd });
      expect("config" in result && result.config.monthlyBudgetUsd).toBe(900);
    },
  );

  it.each([[0], [-1], ["0"], ["900 $"], ["1e3"], [true], [{}]])("is not %j", (monthlyBudgetUsd) => {
    expect(faultsOf({ ...sound, monthlyBudgetUsd }).map(({ path }) => path)).toEqual([
      "whisper-platform:monthlyBudgetUsd",
    ]);
  });
});

describe("who deploys through a control plane's firewall", () => {
  const withDeployers = (deployerCidrs: unknown, enabled: unknown = true) => ({
    ...sound,
    controlPlaneFirewall: { enabled, deployerCidrs },
  });

  it("is named by public addresses", () => {
    expect(faultsOf(withDeployers(["198.51.100.7/32", "203.0.113.0/24"]))).toEqual([]);
    expect(faultsOf(withDeployers(["198.51.100.7/32"], false))).toEqual([]);
  });

  it.each([
    [["0.0.0.0/0"], "[0]"],
    [["10.0.0.0/24"], "[0]"],
    [["2001:db8::/32"], "[0]"],
    [["198.51.100.7/24"], "[0]"],
    [[], ""],
    [undefined, ""],
  ])("is not left open or out: %j", (deployerCidrs, where) => {
    const [fault] = faultsOf(withDeployers(deployerCidrs));
    expect(fault?.path).toBe(`whisper-platform:controlPlaneFirewall.deployerCidrs${where}`);
    expect(fault?.remedy).not.toBe("");
  });

  it("says whether it stands", () => {
    expect(faultsOf(withDeployers(["198.51.100.7/32"], "yes"))[0]?.path).toBe(
      "whisper-platform:controlPlaneFirewall.enabled",
    );
  });
});

describe("a server for the logs of GPU droplets", () => {
  it("is a name, as its certificate must bear it", () => {
    expect(faultsOf({ ...sound, gpuLogTarget: "logs.example.com" })).toEqual([]);
    for (const gpuLogTarget of ["logs", "10.0.0.7", "https://logs.example.com", 'a.example" x="'])
      expect(faultsOf({ ...sound, gpuLogTarget })).toMatchObject([{ path: "whisper-platform:gpuLogTarget" }]);
  });
});

describe("a faulty configuration", () => {
  it("is answered with every fault at once, each with its path and a remedy", () => {
    const faults = faultsOf({
      ...sound,
      region: "tor2",
      domian: "x",
      adminCidrs: ["203.0.113.7/24", "nonsense", "0.0.0.0/0"],
      images: { api: "registry.digitalocean.com/w/api:latest", web: "nginx" },
      slackWebhook: "https://hooks.slack.com/services/T/B/x",
    });
    expect(faults.map(({ path }) => path).sort()).toEqual([
      "whisper-platform:adminCidrs[0]",
      "whisper-platform:adminCidrs[1]",
      "whisper-platform:adminCidrs[2]",
      "whisper-platform:domian",
      "whisper-platform:images.api",
      "whisper-platform:images.healthMonitor",
      "whisper-platform:images.web",
      "whisper-platform:images.worker",
      "whisper-platform:region",
      "whisper-platform:slackWebhook",
    ]);
    for (const { problem, remedy } of faults) {
      expect(problem).toMatch(/^is /);
      expect(remedy).toMatch(/[.?]$|pulumi config set/);
    }
  });

  it("is described in one message that names the file", () => {
    const message = describeFaults("staging", faultsOf({ ...sound, region: "tor2" }));
    expect(message).toContain("Pulumi.staging.yaml) has 1 fault:");
    expect(message).toContain('whisper-platform:region is "tor2", which is no region of DigitalOcean\'s.');
    expect(message).toContain('Did you mean "tor1"?');
  });

  it.each([
    ["domian", { domian: "x.example.com" }, 'Did you mean "domain"?'],
    ["slackWebhok", { slackWebhok: { secure: "v1:x" } }, 'Did you mean "slackWebhook"?'],
    ["alerts.emials", { alerts: { emails: ["a@example.com"], emials: [] } }, 'Did you mean "emails"?'],
    ["replicas", { replicas: 3 }, "Take it out; the keys here are domain, region"],
  ])("suggests the right spelling of %s", (path, values, remedy) => {
    expect(faultsOf({ ...sound, ...values })).toEqual([
      {
        path: `whisper-platform:${path}`,
        problem: "is no known key",
        remedy: expect.stringContaining(remedy),
      },
    ]);
  });

  it.each([
    ["ams2", "a region without all the platform needs"],
    ["fra1", "a region without all the platform needs"],
    ["mars1", "no region of DigitalOcean's"],
  ])("refuses region %s as %s", (region, problem) => {
    expect(faultsOf({ ...sound, region })[0]?.problem).toContain(problem);
  });

  it.each([
    ["203.0.113.7/24", "Write 203.0.113.0/24 for the range, or 203.0.113.7/32 for the one address."],
    ["2001:db8::1/32", "Write 2001:db8::/32 for the range, or 2001:db8::1/128 for the one address."],
    ["203.0.113.0/33", "for example 203.0.113.0/24"],
    ["203.0.113.0", "for example 203.0.113.0/24"],
    ["::/0", "Name the ranges your operators come from"],
    ["128.0.0.0/1", "Name the ranges your operators come from"],
  ])("refuses the admin range %s", (cidr, remedy) => {
    const [fault] = faultsOf({ ...sound, adminCidrs: [cidr] });
    expect(fault?.path).toBe("whisper-platform:adminCidrs[0]");
    expect(fault?.remedy).toContain(remedy);
  });

  it.each(["WHISPER.example.com", "localhost", "-a.example.com", "https://x.example.com", ""])(
    "refuses the domain %j",
    (domain) => {
      expect(faultsOf({ ...sound, domain })[0]?.path).toBe("whisper-platform:domain");
    },
  );

  it.each([
    ["ssh-rsa", "QQC3NzaC1lZDI1NTE5AAAAIDRmkMDCojC6aYLnhBc1Ob6yCrnS2bMVAhQhkyvs1TmJ"],
    ["ssh-rsa", "AAAAC3NzaC1lZDI1NTE5AAAAIDRmkMDCojC6aYLnhBc1Ob6yCrnS2bMVAhQhkyvs1TmJ"],
  ])("refuses a public key that is not of the type it says: %s %s", (type, key) => {
    const [fault] = faultsOf({ ...sound, operators: { ada: `${type} ${key} ada@example.com` } });
    expect(fault).toMatchObject({
      path: "whisper-platform:operators.ada",
      problem: expect.stringContaining(`says ${type} and holds no such key`),
      remedy: expect.stringContaining(".pub"),
    });
    const sameKey = { ada: `ssh-ed25519 ${key.replace("QQC3", "AAAAC3")}` };
    expect(faultsOf({ ...sound, operators: sameKey })).toEqual([]);
  });

  it("names an environment that does not exist", () => {
    expect(faultsOf(sound, "prodution")).toMatchObject([
      { path: "stack", remedy: expect.stringContaining('Did you mean "production"?') },
    ]);
  });

  it("never throws, whatever the values are", () => {
    const keys = fc.constantFrom(...Object.keys(sound), "decommission", "slackWebhook", "__proto__", "x");
    fc.assert(
      fc.property(fc.dictionary(keys, fc.jsonValue()), (values) => {
        const result = parseEnvironmentConfig("staging", values);
        expect("faults" in result && result.faults.length > 0).toBe(true);
      }),
    );
  });
});

describe("secrets", () => {
  const withSlack = { ...sound, alerts: { emails: ["a@example.com"], slackChannel: "#alerts" } };

  it("are missing when something else needs them", () => {
    expect(faultsOf(withSlack)).toEqual([
      {
        path: "whisper-platform:slackWebhook",
        problem: "is missing, and alerts.slackChannel needs it",
        remedy: "Set it with: pulumi config set --secret --stack staging whisper-platform:slackWebhook",
      },
    ]);
  });

  it.each([
    ["pagerDutyRoutingKey", { pagerDuty: { region: "eu" } }],
    ["smtpPassword", { smtp: { host: "smtp.example.com", port: 2525, from: "a@example.com", user: "u" } }],
  ])("are missing when their receiver is there: %s", (secret, receiver) => {
    const alerts = { ...(sound.alerts as object), ...receiver };
    expect(faultsOf({ ...sound, alerts })).toMatchObject([
      { path: `whisper-platform:${secret}`, problem: expect.stringContaining("is missing, and alerts.") },
    ]);
    expect(faultsOf({ ...sound, alerts, [secret]: { secure: "v1:abc:def" } })).toEqual([]);
  });

  it.each([
    ["slackWebhook", "slackChannel"],
    ["pagerDutyRoutingKey", "pagerDuty"],
    ["smtpPassword", "smtp"],
  ])("are of no use without their receiver: %s", (secret, receiver) => {
    expect(faultsOf({ ...sound, [secret]: { secure: "v1:abc:def" } })).toMatchObject([
      {
        path: `whisper-platform:alerts.${receiver}`,
        problem: `is missing, and ${secret} is of no use without it`,
      },
    ]);
  });

  it("are accepted encrypted, as a file holds them", () => {
    expect(faultsOf({ ...withSlack, slackWebhook: { secure: "v1:abc:def" } })).toEqual([]);
  });

  it("are judged, and not shown, once they are decrypted", () => {
    const result = parseEnvironmentConfig(
      "staging",
      { ...sound, errorTrackingDsn: { secure: "hunter2" } },
      { secrets: "decrypted" },
    );
    expect(result).toMatchObject({ faults: [{ path: "whisper-platform:errorTrackingDsn" }] });
    expect(JSON.stringify(result)).not.toContain("hunter2");
  });
});

describe("who signs in to Grafana", () => {
  const provider = {
    providerName: "Okta",
    clientId: "0oa1b2c3d4",
    authorizationUrl: "https://id.example.com/authorize",
    tokenUrl: "https://id.example.com/token",
    userInfoUrl: "https://id.example.com/userinfo",
    groups: { admin: ["platform"], viewer: ["engineering"] },
  };
  const grafanaClientSecret = { secure: "v1:abc:def" };
  const withProvider = (change: object) =>
    faultsOf({ ...sound, grafanaClientSecret, grafanaSignIn: { ...provider, ...change } });

  it("is said by a provider with its secret, and by half of one not", () => {
    expect(withProvider({})).toEqual([]);
    expect(faultsOf({ ...sound, grafanaSignIn: provider })).toMatchObject([
      { path: "whisper-platform:grafanaClientSecret", problem: "is missing, and grafanaSignIn needs it" },
    ]);
    expect(faultsOf({ ...sound, grafanaClientSecret })).toMatchObject([
      {
        path: "whisper-platform:grafanaSignIn",
        problem: "is missing, and grafanaClientSecret is of no use without it",
      },
    ]);
  });

  it.each([
    ["an address without encryption", { tokenUrl: "http://id.example.com/token" }, "grafanaSignIn.tokenUrl"],
    ["no address", { userInfoUrl: undefined }, "grafanaSignIn.userInfoUrl"],
    ["no group", { groups: {} }, "grafanaSignIn.groups"],
    ["a group that ends its text", { groups: { admin: ["x') || true"] } }, "grafanaSignIn.groups.admin[0]"],
    [
      "a role that there is not",
      { groups: { admin: ["platform"], owner: ["platform"] } },
      "grafanaSignIn.groups.owner",
    ],
    ["a name with a line break", { providerName: "Okta\nenabled = false" }, "grafanaSignIn.providerName"],
  ])("is refused with %s", (_, change, path) => {
    expect(withProvider(change).map((fault) => fault.path)).toEqual([`whisper-platform:${path}`]);
  });
});

describe("who is told", () => {
  const withAlerts = (alerts: object) =>
    faultsOf({ ...sound, alerts: { ...(sound.alerts as object), ...alerts } });
  const workingHours = (change: object) =>
    withAlerts({ workingHours: { timeZone: "America/Toronto", from: "09:00", to: "18:00", ...change } });

  it.each(["UTC", "America/Toronto", "Asia/Kolkata", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])(
    "may work by the time of %s",
    (timeZone) => {
      expect(workingHours({ timeZone })).toEqual([]);
    },
  );

  it.each(["America/Torronto", "america/toronto", "Europe/zurich", "EST5", "+02:00", ""])(
    "works by no time of %j",
    (timeZone) => {
      expect(workingHours({ timeZone })).toMatchObject([
        {
          path: "whisper-platform:alerts.workingHours.timeZone",
          problem: expect.stringContaining("no time zone"),
        },
      ]);
    },
  );

  it("is suggested the time zone that was meant", () => {
    expect(workingHours({ timeZone: "America/Torronto" })[0]?.remedy).toContain('"America/Toronto"?');
  });

  it.each([
    ["from", { from: "9:00" }],
    ["to", { to: "24:00" }],
  ])("is not told from or to a time that is none: %s", (key, change) => {
    expect(workingHours(change).map(({ path }) => path)).toEqual([
      `whisper-platform:alerts.workingHours.${key}`,
    ]);
  });

  it("has not stopped working before it begins", () => {
    expect(workingHours({ from: "18:00", to: "09:00" }).map(({ path }) => path)).toEqual([
      "whisper-platform:alerts.workingHours",
    ]);
  });

  it.each([25, 465, 2526])("is not written to by port %i", (port) => {
    const smtp = { host: "smtp.example.com", port, from: "a@example.com", user: "u" };
    expect(withAlerts({ smtp }).map(({ path }) => path)).toEqual([
      "whisper-platform:alerts.smtp.port",
      "whisper-platform:smtpPassword",
    ]);
  });

  it("is not told later by e-mail when there is no mail server", () => {
    const escalation = { emails: ["head@example.com"], afterMinutes: 30 };
    expect(withAlerts({ escalation })).toMatchObject([{ path: "whisper-platform:alerts.escalation" }]);
  });
});

describe("decommission", () => {
  it("must name the environment it is in", () => {
    expect(
      faultsOf({ ...sound, decommission: { confirm: "production", reason: "no longer needed" } }),
    ).toMatchObject([{ path: "whisper-platform:decommission.confirm" }]);
  });

  it("tells what is wrong with both of its parts at once", () => {
    const decommission = { confirm: "production", reason: "  x  " };
    expect(faultsOf({ ...sound, decommission }).map(({ path }) => path)).toEqual([
      "whisper-platform:decommission.reason",
      "whisper-platform:decommission.confirm",
    ]);
  });

  it("is shown as the file must say it, with a reason that has to be written", () => {
    const values = { ...sound, decommission: "yes" };
    expect(describeFaults("staging", faultsOf(values))).toContain(
      `Write:\n    ${decommissionLines("staging").join("\n    ")}`,
    );
    const { config } = parse(["config:", ...decommissionLines("staging")].join("\n"));
    const decommission = config["whisper-platform:decommission"];
    expect(faultsOf({ ...sound, decommission }).map(({ path }) => path)).toEqual([
      "whisper-platform:decommission.reason",
    ]);
    expect(faultsOf({ ...sound, decommission: { ...decommission, reason: "no longer needed" } })).toEqual([]);
  });

  it("must say why", () => {
    expect(faultsOf({ ...sound, decommission: { confirm: "staging", reason: "  x  " } })).toMatchObject([
      { path: "whisper-platform:decommission.reason" },
    ]);
  });
});

describe("what browsers tell", () => {
  const errorTrackingDsn = { secure: "v1:abc:def" };
  const withBrowsers = (browsers: object, more: object = { errorTrackingDsn }) =>
    faultsOf({ ...sound, ...more, browsers });
  const path = "whisper-platform:browsers.errorTrackingDsn";

  it("may be spans, errors, both or nothing", () => {
    const dsn = "https://key@errors.example.com/2";
    for (const browsers of [
      {},
      { traces: true },
      { errorTrackingDsn: dsn },
      { traces: true, errorTrackingDsn: dsn },
    ])
      expect(withBrowsers(browsers)).toEqual([]);
    expect(withBrowsers({ traces: true }, {})).toEqual([]);
  });

  it("is half of it without what the servers tell", () => {
    expect(withBrowsers({ errorTrackingDsn: "https://key@errors.example.com/2" }, {})).toMatchObject([
      {
        path: "whisper-platform:errorTrackingDsn",
        remedy: expect.stringContaining("pulumi config set --secret"),
      },
    ]);
  });

  it.each([
    "https://errors.example.com/2",
    "https://key@errors.example.com",
    "http://key@errors.example.com/2",
  ])("is no DSN: %s", (dsn) => expect(withBrowsers({ errorTrackingDsn: dsn })).toMatchObject([{ path }]));

  it("is never a DSN with its secret, which is not shown", () => {
    const faults = withBrowsers({ errorTrackingDsn: "https://key:hunter2@errors.example.com/2" });
    expect(faults).toMatchObject([{ path, problem: expect.stringContaining("every browser would be told") }]);
    expect(JSON.stringify(faults)).not.toContain("hunter2");
  });
});
