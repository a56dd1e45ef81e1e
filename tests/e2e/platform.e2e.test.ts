import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { HealthReport } from "../../platform/health/report.ts";
import { filesBelow, livePlatform } from "./helpers/platform.ts";
import { platformProject } from "./helpers/platform-project.ts";

/** The whole platform, as an operator runs it: one sandbox, and the tests in the order of its life. */
const project = platformProject();
const platform = livePlatform(project);
const into = (verb: string, environment: string, ...flags: string[]) =>
  platform.run(verb, environment, "--sandbox", ...flags);

/** A fifth of all requests go wrong, in the three ways in which they do. */
const faultsOf = (seed: number) => ({
  seed,
  rules: [
    { rate: 0.08, status: 500 },
    { rate: 0.08, status: 429 },
    { rate: 0.04, drop: "after" as const },
  ],
});

/** A change that the policy pack must stop: a way in for everybody, and a token that is not marked as secret beside one that is. */
const token = `dop_v1_${"0123456789abcdef".repeat(4)}`;
const unsafeChange = `
  new Tag("leaked", { name: "${token}" });
  new Tag("kept", { name: secret("${token}") });
  new Firewall("open-to-all", {
    name: "open-to-all",
    inboundRules: [{ protocol: "tcp", portRange: "22", sourceAddresses: ["0.0.0.0/0"] }],
  });
`;

/** What there is, whatever ids, addresses and moments it has. */
const namesByKind = async (): Promise<Record<string, string[]>> =>
  Object.fromEntries(
    Object.entries(await platform.inventory()).map(([kind, entries]) => [
      kind,
      entries.map(({ name }) => name.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")).sort(),
    ]),
  );

/**
 * Makes staging's state what it is a week after the last up: no cluster takes the tokens it holds any more.
 *
 * @param cutShort The type of resources of which an update was cut short then.
 */
async function endTokens({ cutShort }: { readonly cutShort?: string } = {}): Promise<void> {
  const { ports, apiToken } = platform.record();
  const [cluster] = (await platform.inventory()).kubernetes_clusters ?? [];
  const answer = await fetch(
    `http://127.0.0.1:${ports.api}/v2/kubernetes/clusters/${cluster?.id}/kubeconfig`,
    { headers: { authorization: `Bearer ${apiToken}` } },
  );
  expect(answer.status).toBe(200);
  const ended = (await answer.text()).replace(/token: .*/, "token: ended");
  const weekAgo = new Date(Date.now() - 8 * 24 * 60 * 60 * 1000).toISOString();
  const file = join(platform.home.state, ".pulumi/stacks/whisper-platform/staging.json");
  const state = JSON.parse(readFileSync(file, "utf8"));
  for (const resource of state.checkpoint.latest.resources) {
    if (resource.type === "pulumi:providers:kubernetes") {
      Object.assign(resource, { created: weekAgo, modified: weekAgo });
      resource.inputs.kubeconfig = ended;
      resource.outputs.kubeconfig = ended;
    }
    if (resource.type === "digitalocean:index/kubernetesCluster:KubernetesCluster") {
      resource.outputs.kubeConfigs = [{ rawConfig: ended, token: "ended", expiresAt: weekAgo }];
    }
  }
  state.checkpoint.latest.pending_operations = state.checkpoint.latest.resources
    .filter(({ type }: { readonly type: string }) => type === cutShort)
    .map((resource: unknown) => ({ type: "updating", resource }));
  writeFileSync(file, JSON.stringify(state));
}

describe("a configuration with faults", () => {
  it("is refused with status 2 before anything starts, and every fault is told at once", async () => {
    const file = "Pulumi.staging.yaml";
    project.edit(file, "whisper-platform:region: tor1", "whisper-platform:region: tor11");
    project.edit(file, "whisper-platform:owner:", "whisper-platform:ownr:");
    project.edit(file, "203.0.113.0/24", "0.0.0.0/0");
    project.append(file, "  whisper-platform:slackWebhook: https://hooks.slack.com/services/T0/B0/not-told");
    const { status, stderr } = await into("up", "staging", "--yes");
    project.restore(file);
    expect(status).toBe(2);
    expect(stderr).toContain('Did you mean "tor1"?');
    expect(stderr).toContain('Did you mean "owner"?');
    expect(stderr).toContain('adminCidrs[0] is "0.0.0.0/0"');
    expect(stderr).toContain("slackWebhook is a secret");
    expect(stderr).not.toContain("not-told");
    expect(await platform.inventory()).toEqual({});
  });
});

describe("staging", () => {
  let whole: Record<string, string[]>;
  let said = "";

  it("comes up although a fifth of all requests go wrong, at the latest without them, and nothing is there twice", async () => {
    await platform.client().setFaults(faultsOf(7));
    const hindered = await into("up", "staging", "--yes");
    expect([0, 1]).toContain(hindered.status);
    await platform.client().clearFaults();
    const next = await into("up", "staging", "--yes");
    expect(next.stderr).not.toContain("failed");
    expect(next.status).toBe(0);
    said = [hindered, next].map(({ stdout, stderr }) => stdout + stderr).join();
    whole = await namesByKind();
    for (const [kind, entries] of Object.entries(await platform.inventory())) {
      const names = entries.map(({ name }) => name);
      expect(new Set(names).size, `${kind}: ${names.join(", ")}`).toBe(names.length);
    }
  });

  it("is what its state says, and a second up changes nothing", async () => {
    const refreshed = await into("refresh", "staging", "--expect-no-changes");
    expect(refreshed.status, refreshed.stdout + refreshed.stderr).toBe(0);
    const again = await into("up", "staging", "--yes");
    expect(again.status).toBe(0);
    expect(again.stdout).toMatch(/staging is up: \d+ unchanged\./);
    expect(await namesByKind()).toEqual(whole);
  });

  it("hands out the kubeconfig of its cluster, in a file that is its owner's alone", async () => {
    const file = join(project.folder, "staging.kubeconfig");
    const written = await platform.run("sandbox", "kubeconfig", "staging", "--output", file);
    expect(written.stdout).toContain(`kubectl --kubeconfig ${file} get pods -A`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const printed = await platform.run("sandbox", "kubeconfig", "staging");
    for (const text of [readFileSync(file, "utf8"), printed.stdout]) {
      const endpoint = parse(text).clusters[0].cluster.server;
      expect(await platform.json("status", "staging", "--sandbox")).toMatchObject({
        outputs: { cluster: { endpoint } },
      });
    }
  });

  it("is looked after, once and until somebody ends it; what the sandbox cannot show is not called healthy", async () => {
    const looked = await into("health", "staging", "--json");
    const report: HealthReport = JSON.parse(looked.stdout);
    const verdictsOf = (subject: string) => [
      ...new Set(report.checks.flatMap((check) => (check.subject === subject ? check.verdict : []))),
    ];
    expect(report.checks.filter(({ verdict }) => verdict === "critical" || verdict === "warning")).toEqual(
      [],
    );
    for (const subject of ["cloud", "database", "cache", "queue", "storage", "cluster"])
      expect(verdictsOf(subject), subject).toEqual(["healthy"]);
    for (const subject of ["api", "monitoring"]) expect(verdictsOf(subject), subject).toEqual(["unchecked"]);
    expect([looked.status, looked.stderr]).toEqual([0, ""]);
    said += looked.stdout;

    const going = platform.start("health", "staging", "--sandbox", "--mode", "continuous");
    await once(going.stdout, "data");
    going.kill("SIGINT");
    const { exitCode, stdout } = await going;
    expect(stdout).toContain("staging in the sandbox:");
    expect(exitCode).toBe(0);
  });

  it("keeps its secrets out of what is said and what is kept", () => {
    const state = filesBelow(platform.home.state);
    expect(state.length).toBeGreaterThan(0);
    const { apiToken, spacesSecretAccessKey } = platform.record();
    const kept = [...state, ...filesBelow(platform.home.log)].map((file) => readFileSync(file, "utf8"));
    for (const text of [...kept, said]) {
      expect(text).not.toContain(apiToken);
      expect(text).not.toContain(spacesSecretAccessKey);
      expect(text).not.toContain("PRIVATE KEY-----");
      expect(text).not.toMatch(/(postgres|postgresql|rediss?):\/\/[^\s"@:]+:[^\s"@[]+@/);
    }
  });

  it("changes a count of replicas and nothing else", async () => {
    project.edit("stacks/staging.ts", "api: { replicas: 1,", "api: { replicas: 2,");
    const report = await platform.json("up", "staging", "--sandbox", "--yes");
    expect(report).toMatchObject({
      plan: { counts: { update: 3 }, allowed: true },
      applied: { counts: { update: 3 } },
    });
    const deployment = { name: "whisper-staging-app-api-deployment", operation: "update" };
    expect(report).toMatchObject({
      plan: {
        steps: expect.arrayContaining([
          expect.objectContaining({
            ...deployment,
            changes: [{ path: "spec.replicas", kind: "update", replaces: false, before: 1, after: 2 }],
          }),
        ]),
      },
    });
    expect(await platform.json("status", "staging", "--sandbox")).toMatchObject({
      outputs: (report as { outputs: object }).outputs,
    });
    expect(await namesByKind()).toEqual(whole);
  });

  it("is told before what a new domain replaces, gets another droplet, and stays without drift", async () => {
    project.edit("Pulumi.staging.yaml", "domain: staging.whisper", "domain: next.whisper");
    project.edit("Pulumi.staging.yaml", "monthlyBudgetUsd: 950", "monthlyBudgetUsd: 1900");
    project.edit("stacks/staging.ts", "count: 1 }", "count: 2 }");
    const { status, stderr } = await into("up", "staging", "--yes");
    expect(status).toBe(0);
    expect(stderr).toContain("± whisper-staging-dns-domain");
    expect(stderr).toContain('"staging.whisper.example.com" → "next.whisper.example.com" (replaces)');
    expect((await into("refresh", "staging", "--expect-no-changes")).status).toBe(0);
    const now = await namesByKind();
    expect(now.certificates).toHaveLength(1);
    expect(now.domains).toEqual(["next.whisper.example.com"]);
  });

  it("refuses an unsafe change with status 3: what, where, why, the remedy, and nothing is changed", async () => {
    const before = await namesByKind();
    const program = "infra/program.ts";
    project.edit(
      program,
      'from "@pulumi/pulumi";',
      'from "@pulumi/pulumi";\nimport { secret } from "@pulumi/pulumi";\nimport { Firewall, Tag } from "@pulumi/digitalocean";',
    );
    project.edit(program, "  return stackOutputs(", `${unsafeChange}  return stackOutputs(`);
    const { status, stdout } = await into("up", "staging", "--yes");
    project.restore(program);
    expect(status).toBe(3);
    expect(stdout).toContain("refuse-open-ssh");
    expect(stdout).toContain("open-to-all");
    expect(stdout).toContain("name the addresses that may sign in");
    expect(stdout).toContain("refuse-plain-credentials · leaked");
    expect(stdout).not.toContain("refuse-plain-credentials · kept");
    expect(await namesByKind()).toEqual(before);
  });

  it("is read and destroyed a week after its last up, when the token of its kubeconfig has ended", async () => {
    await endTokens();
    const refreshed = await into("refresh", "staging", "--expect-no-changes");
    expect(refreshed.status, refreshed.stderr).toBe(0);
    // The destroy that follows begins with a repair, which reads what was being changed.
    await endTokens({ cutShort: "kubernetes:core/v1:Namespace" });
  });

  it("leaves nothing behind", async () => {
    const destroyed = await into("destroy", "staging", "--yes");
    expect(destroyed.stderr).not.toContain("failed");
    expect(destroyed.status).toBe(0);
    expect((await platform.run("sandbox", "inventory", "--json")).stdout.trim()).toBe("{}");
  });
});
