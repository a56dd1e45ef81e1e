import { gunzipSync } from "node:zlib";
import schemaPackage from "@grafana/schema/package.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { containerImages } from "../../../catalog/images.ts";
import { Grafana, type GrafanaArgs } from "../../../components/grafana/grafana.ts";
import { record, refusalOf } from "../harness.ts";
import { grafanaArgs, signIn } from "./args.ts";

const grafana = (args: Partial<GrafanaArgs> = {}) =>
  record(() => new Grafana("grafana", { ...grafanaArgs(), ...args }));

/** What Grafana reads of its ConfigMap. */
async function configurationOf(args: Partial<GrafanaArgs> = {}) {
  const { data, binaryData } = (await grafana(args)).named("grafana-configuration").inputs as {
    data: Record<string, string>;
    binaryData: Record<string, string>;
  };
  return { ini: data["grafana.ini"] ?? "", data, binaryData };
}

describe("Grafana", () => {
  it("lets nobody in without a name, and lets nobody make an account", async () => {
    const { ini } = await configurationOf();
    expect(ini).toMatch(/\[auth.anonymous\]\nenabled = false/);
    expect(ini).toMatch(/\[users\]\nallow_sign_up = false/);
    expect(ini).toContain("auto_assign_org_role = Viewer");
  });

  it("draws the administrator's password, and keeps what is secret in a Secret and nowhere else", async () => {
    const recording = await grafana();
    const { data } = recording.named("grafana-secrets").inputs as { data: Record<string, string> };
    expect(Object.keys(data).toSorted()).toEqual(["admin-password", "client-secret", "encryption-key"]);
    expect(recording.named("grafana-secrets").secretInputs).toContain("data");
    expect(recording.named("grafana").secretInputs).toContain("signIn");
    const { ini } = await configurationOf();
    expect(ini).toContain("admin_password = $__file{/etc/grafana-secrets/admin-password}");
    expect(ini).toContain("client_secret = $__file{/etc/grafana-secrets/client-secret}");
    for (const { name, inputs } of recording.resources) {
      if (name === "grafana") continue;
      expect(JSON.stringify(inputs), name).not.toContain(signIn.clientSecret);
    }
  });

  it("gives each group its role, the highest first, and whoever is in none of them no way in", async () => {
    const { ini } = await configurationOf();
    expect(ini).toContain(
      "role_attribute_path = contains(groups[*], 'platform') && 'Admin' || contains(groups[*], 'on-call') && 'Editor' || contains(groups[*], 'support') && 'Editor' || contains(groups[*], 'engineering') && 'Viewer'",
    );
    expect(ini).toContain("role_attribute_strict = true");
  });

  it("asks no provider where none is configured", async () => {
    const { signIn: _, ...without } = grafanaArgs();
    const recording = await record(() => new Grafana("grafana", without));
    expect(JSON.stringify(recording.named("grafana-configuration").inputs)).not.toContain("generic_oauth");
    expect(JSON.stringify(recording.named("grafana-secrets").inputs)).not.toContain("client-secret");
  });

  it("reads from where it is told, and from the first unless something else is said", async () => {
    const { data } = await configurationOf();
    expect(parse(data["data-sources.yaml"] ?? "").datasources).toMatchObject([
      { uid: "prometheus", type: "prometheus", isDefault: true, editable: false },
      { uid: "prometheus-history", type: "prometheus", isDefault: false },
      { uid: "alertmanager", type: "alertmanager", isDefault: false },
    ]);
  });

  it("finds each dashboard in the folder of its own, unpacked, and begins with one that is there", async () => {
    const recording = await grafana();
    const { binaryData, ini } = await configurationOf();
    const { spec } = recording.named("grafana-deployment").inputs as unknown as {
      spec: {
        template: {
          spec: { volumes: { name: string; configMap: { items: { key: string; path: string }[] } }[] };
        };
      };
    };
    const items = spec.template.spec.volumes.find(({ name }) => name === "packed")?.configMap.items ?? [];
    expect(items.map(({ key }) => key).toSorted()).toEqual(Object.keys(binaryData).toSorted());
    for (const { key, path } of items) {
      const dashboard = JSON.parse(gunzipSync(Buffer.from(binaryData[key] ?? "", "base64")).toString());
      expect(path).toMatch(new RegExp(`^[A-Z]\\w+/${dashboard.uid}\\.json\\.gz$`));
    }
    const home = /default_home_dashboard_path = \/dashboards\/(.*)/.exec(ini)?.[1];
    expect(items.map(({ path }) => path)).toContain(`${home}.gz`);
  });

  it("starts anew when a dashboard, the configuration or a secret is another", async () => {
    const fingerprint = async (args: Partial<GrafanaArgs> = {}) =>
      JSON.stringify((await grafana(args)).named("grafana-deployment").inputs).match(
        /whisper.platform\/configuration":"(\w+)"/,
      )?.[1];
    const before = await fingerprint();
    expect(await fingerprint()).toBe(before);
    for (const change of [
      { url: "https://ops.example.com/grafana" },
      { runbooks: "https://example.com/runbooks" },
      { signIn: { ...signIn, clientSecret: "another-secret" } },
    ]) {
      expect(await fingerprint(change)).not.toBe(before);
    }
  });

  it("is the version whose published types the dashboards are held against", () => {
    expect(schemaPackage.version).toBe(containerImages.grafana.tag);
  });

  it("tells all faults of its arguments at once, and shows no secret", async () => {
    const [prometheus] = grafanaArgs().sources;
    const { message } = await refusalOf(
      () =>
        new Grafana("grafana", {
          ...grafanaArgs(),
          url: "http://ops.example.com/grafana/",
          sources: prometheus ? [prometheus, prometheus] : [],
          signIn: {
            ...signIn,
            tokenUrl: "http://id.example.com/token",
            groupsClaim: "groups[*]",
            groups: { admin: ["x') || true || ('"] },
          },
        }),
    );
    for (const path of [
      "url is",
      "sources has",
      "signIn.tokenUrl is",
      "signIn.groupsClaim is",
      "signIn.groups.admin has",
    ]) {
      expect(message).toContain(`- ${path}`);
    }
    expect(message).not.toContain(signIn.clientSecret);
  });
});
