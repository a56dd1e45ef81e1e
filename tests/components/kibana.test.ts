import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { Kibana } from "../../components/kibana/kibana.ts";
import { savedViews } from "../../components/kibana/views.ts";
import { silence } from "../../components/traffic/network-policy.ts";
import { ownership } from "./fixtures.ts";
import { record } from "./harness.ts";

const kibana = () =>
  record(
    () =>
      new Kibana("kibana", {
        ownership,
        namespace: { name: "logs", guards: [] },
        url: "https://ops.example.com/kibana",
        elasticsearch: ["https://es-0.es.logs.svc:9200"],
        password: pulumi.secret(pulumi.output("drawn")),
        authority: pulumi.output("PEM"),
        traffic: silence,
      }),
  );

describe("Kibana", () => {
  it("answers below its path, and believes nobody but its Elasticsearch", async () => {
    const { data } = z
      .object({ data: z.record(z.string(), z.string()) })
      .parse((await kibana()).named("kibana-configuration").inputs);
    expect(parse(data["kibana.yml"] ?? "")).toMatchObject({
      "server.basePath": "/kibana",
      "server.rewriteBasePath": true,
      "server.publicBaseUrl": "https://ops.example.com/kibana",
      "elasticsearch.ssl.certificateAuthorities": ["/usr/share/kibana/certificates/ca.crt"],
      "elasticsearch.password": `\${STORE_PASSWORD}`,
    });
  });

  it("has its password in a Secret, and under no name that its image would make an argument of", async () => {
    const recording = await kibana();
    const secret = recording.named("kibana-secrets");
    expect(secret.secretInputs).toContain("data");
    for (const name of Object.keys(Object(secret.inputs.data)))
      expect(name).not.toMatch(/^(ELASTICSEARCH|XPACK|SERVER|KIBANA)_/);
    for (const { inputs } of [...recording.ofType("ConfigMap"), ...recording.ofType("Deployment")])
      expect(JSON.stringify(inputs)).not.toContain("drawn");
  });
});

describe("the saved views", () => {
  const objects = savedViews("logs-whisper-*")
    .trim()
    .split("\n")
    .map((line) =>
      z
        .looseObject({ id: z.string(), type: z.string(), references: z.array(z.object({ id: z.string() })) })
        .parse(JSON.parse(line)),
    );

  it("are on a view of the data streams that is there", () => {
    const [view, ...searches] = objects;
    expect(view).toMatchObject({
      type: "index-pattern",
      attributes: { title: "logs-whisper-*", timeFieldName: "@timestamp" },
    });
    expect(searches.length).toBeGreaterThan(3);
    for (const { type, references } of searches) {
      expect(type).toBe("search");
      expect(references.map(({ id }) => id)).toEqual([view?.id]);
    }
  });

  it("are called something each", () => {
    expect(new Set(objects.map(({ id }) => id)).size).toBe(objects.length);
  });
});
