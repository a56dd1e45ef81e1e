import { spawnSync } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type NginxSettings,
  nginxConfiguration,
  releaseConfiguration,
  releaseFile,
} from "../../components/edge/nginx.ts";

const settings: NginxSettings = {
  siteDomain: "staging.whisper.example.com",
  apiDomain: "api.staging.whisper.example.com",
  web: { host: "127.0.0.1", port: 3000 },
  api: { stable: { host: "127.0.0.1", port: 8000 }, candidate: { host: "127.0.0.1", port: 8001 } },
  consoles: {
    domain: "ops.staging.whisper.example.com",
    backends: { grafana: { host: "127.0.0.1", port: 3000 } },
    resolver: "127.0.0.1",
  },
  adminCidrs: ["203.0.113.0/24", "2001:db8::/32"],
  trustedProxyCidrs: ["10.20.0.0/16"],
  mediaOrigins: ["https://media.example.com"],
  uploadLimitMib: 2048,
  apiRequestsPerSecond: 20,
  connectionsPerAddress: 100,
  webSocketIdleSeconds: 600,
};

const withBrowsers: NginxSettings = {
  ...settings,
  browserSpans: { host: "collector.monitoring", port: 4319 },
  errorTracker: "https://errors.example.com",
};

/** What nginx itself says of a configuration; undefined when there is no nginx here. */
function verdictOfNginx(
  configuration: string,
  release: string,
): { accepted: boolean; output: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "edge-"));
  try {
    mkdirSync(join(folder, "release"));
    writeFileSync(join(folder, releaseFile), release);
    const file = join(folder, "nginx.conf");
    writeFileSync(file, configuration);
    // nginx opens /dev/stdout anew, which works for a file and not for the socket Node would give it.
    const log = join(folder, "log");
    const logFile = openSync(log, "a");
    const run = spawnSync("nginx", ["-t", "-c", file], {
      stdio: ["ignore", logFile, logFile],
      env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    closeSync(logFile);
    return run.error ? undefined : { accepted: run.status === 0, output: readFileSync(log, "utf8") };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const nginxIsHere = verdictOfNginx("events {} http {}\n", "") !== undefined;
if (!nginxIsHere) {
  process.stderr.write(
    "NOT RUN: nginx is not installed, so nobody judges the edge's configuration (apt-get install nginx-light)\n",
  );
}

describe.skipIf(!nginxIsHere)("nginx itself", () => {
  it.each([0, 0.5, 10, 100])("accepts the configuration with %d percent for the candidate", (percent) => {
    const verdict = verdictOfNginx(nginxConfiguration(settings), releaseConfiguration(percent));
    expect(verdict, verdict?.output).toMatchObject({ accepted: true });
  });

  it("accepts one that lets browsers send spans and report errors", () => {
    const verdict = verdictOfNginx(nginxConfiguration(withBrowsers), releaseConfiguration(0));
    expect(verdict, verdict?.output).toMatchObject({ accepted: true });
  });

  it("refuses a broken one, so that its approval means something", () => {
    const broken = nginxConfiguration(settings).replace("limit_req_zone", "limit_req_zoned");
    expect(verdictOfNginx(broken, releaseConfiguration(0))).toMatchObject({ accepted: false });
  });
});

describe("the edge's configuration", () => {
  const configuration = nginxConfiguration(settings);

  it("lets only the named ranges into the administration", () => {
    const admin = /location \^~ \/admin \{(?<body>[^}]*)\}/.exec(configuration)?.groups?.body ?? "";
    expect(admin.match(/(allow|deny) [^;]+/g)).toEqual([
      "allow 203.0.113.0/24",
      "allow 2001:db8::/32",
      "deny all",
    ]);
  });

  it("adds headers in servers only, so that no location loses one", () => {
    const inLocation = [...configuration.matchAll(/location [^{]*\{(?<body>[^}]*)\}/g)].filter(({ groups }) =>
      groups?.body?.includes("add_header"),
    );
    expect(inLocation).toEqual([]);
    expect(configuration.match(/Strict-Transport-Security/g)).toHaveLength(3);
    expect(configuration.match(/Content-Security-Policy/g)).toHaveLength(2);
  });

  it("bids to keep a file for a year only when there is one, and protects errors as well as pages", () => {
    const headers = [...configuration.matchAll(/add_header (?<name>\S+) (?<rest>.*);$/gm)].map(
      ({ groups }) => ({
        name: groups?.name,
        always: groups?.rest?.endsWith(" always"),
      }),
    );
    expect(headers.filter(({ always }) => !always).map(({ name }) => name)).toEqual(["Cache-Control"]);
    expect(headers.filter(({ always }) => always).length).toBeGreaterThan(10);
  });

  it("lets WebSockets be silent as long as it is told", () => {
    expect(nginxConfiguration({ ...settings, webSocketIdleSeconds: 123 })).toContain(
      "proxy_read_timeout 123s;",
    );
  });

  it("takes uploads up to the limit and keeps nothing of them", () => {
    expect(configuration).toContain("client_max_body_size 2048m;");
    expect(configuration).toContain("proxy_request_buffering off;");
  });

  it("takes spans of browsers only where they are wanted: a little at a time, and without the user's cookies", () => {
    expect(configuration).not.toContain("/telemetry/");
    const spans = /location = \/telemetry\/v1\/traces \{(?<body>[\s\S]*?)\n {4}\}/.exec(
      nginxConfiguration(withBrowsers),
    )?.groups?.body;
    for (const directive of [
      "limit_req zone=spans",
      "client_max_body_size 512k;",
      "limit_except POST OPTIONS { deny all; }",
      'proxy_set_header Cookie "";',
      "proxy_pass http://$collector:4319/v1/traces;",
    ])
      expect(spans).toContain(directive);
  });

  it("lets pages report errors to the tracker that is named, and to no other", () => {
    expect(configuration).not.toContain("errors.example.com");
    expect(nginxConfiguration(withBrowsers)).toMatch(/connect-src [^;]* https:\/\/errors\.example\.com;/);
  });

  it("keeps the application's metrics from the internet", () => {
    expect(configuration).toContain("location = /metrics { return 404; }");
  });

  it("is balanced, whatever the settings are", () => {
    fc.assert(
      fc.property(fc.array(fc.ipV4()), fc.integer({ min: 1, max: 10_000 }), (addresses, rate) => {
        const text = nginxConfiguration({ ...settings, adminCidrs: addresses, apiRequestsPerSecond: rate });
        expect(text.match(/\{/g)?.length).toBe(text.match(/\}/g)?.length);
      }),
    );
  });
});

describe("the release's weights", () => {
  it.each([
    [0, "{ * api_stable; }"],
    [12.5, "{ 12.5% api_candidate; * api_stable; }"],
    [100, "{ * api_candidate; }"],
  ])("at %d percent", (percent, body) => {
    expect(releaseConfiguration(percent)).toContain(body);
  });
});
