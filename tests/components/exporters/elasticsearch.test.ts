import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { elasticsearchExporter } from "../../../components/exporters/elasticsearch.ts";
import { Exporter } from "../../../components/exporters/exporter.ts";
import { silence } from "../../../components/traffic/network-policy.ts";
import { ownership } from "../fixtures.ts";
import { record } from "../harness.ts";

it("gets its password as a variable out of a Secret, and the authority as a file", async () => {
  const recording = await record(
    () =>
      new Exporter("es", {
        ownership,
        namespace: { name: "monitoring", guards: [] },
        program: elasticsearchExporter("whisper-production-elasticsearch", {
          host: "es.logs.svc.cluster.local",
          port: 9200,
          user: "metrics",
          password: pulumi.secret("drawn at random"),
          caCertificate: pulumi.output("PEM of the authority"),
        }),
        traffic: silence,
      }),
  );
  const deployment = JSON.stringify(recording.named("es-deployment").inputs);
  expect(deployment).toContain('"envFrom":[{"secretRef":{"name":"es"}}]');
  expect(deployment).toContain('{"name":"ES_USERNAME","value":"metrics"}');
  expect(deployment).toContain("--es.ca=/etc/exporter/ca.crt");
  expect(deployment).not.toContain('"secretName"');
  expect(JSON.stringify(recording.named("es-settings").inputs)).toContain("PEM of the authority");
  for (const name of ["es-deployment", "es-settings"])
    expect(JSON.stringify(recording.named(name).inputs)).not.toContain("drawn at random");
});
