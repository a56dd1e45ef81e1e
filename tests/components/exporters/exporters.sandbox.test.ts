import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { blackboxExporter, siteModule } from "../../../components/exporters/blackbox.ts";
import { nodeExporterArguments } from "../../../components/exporters/node-exporter.ts";
import { createAuthority, issueServing, toPem } from "../../../sandbox/certificates.ts";
import { areHere, type RunningExporter, runExporter, unknownLabels, untold } from "./run.ts";

const isHere = await areHere("prometheus-node-exporter", "prometheus-blackbox-exporter");

const running: RunningExporter[] = [];
const started = async (exporter: Promise<RunningExporter>) => {
  running.push(await exporter);
  return exporter;
};
afterAll(() => Promise.all(running.map((exporter) => exporter.stop())));

it.skipIf(!isHere)("node exporter tells what rules ask, and of the root file system alone", async () => {
  // Of this machine, and not of a node's below /host.
  const paths = nodeExporterArguments.map((each) => each.replace("=/host/", "=/"));
  const exporter = await started(runExporter("prometheus-node-exporter", { arguments: paths }));
  const lines = await exporter.metrics();
  // What goes over a node's network the kubelets tell.
  expect(untold("node exporter", lines)).toEqual([
    "node_network_receive_bytes_total",
    "node_network_transmit_bytes_total",
  ]);
  expect(unknownLabels("node exporter", lines)).toEqual([]);
  const disks = lines.filter((line) => line.startsWith("node_filesystem_size_bytes"));
  expect(disks).toEqual([expect.stringContaining('mountpoint="/"')]);
  expect(lines.filter((line) => /^node_scrape_collector_success.* 0$/.test(line))).toEqual([]);
});

it.skipIf(!isHere)(
  "blackbox exporter wants an answer of 200, and a certificate that is believed",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "blackbox-"));
    const authority = await createAuthority("test authority");
    const { key, certificate: cert } = await issueServing("localhost", authority, {
      dnsNames: [],
      ipAddresses: ["127.0.0.1"],
    });
    let status = 200;
    const site = createServer({ key, cert }, (_, response) => response.writeHead(status).end("here"));
    await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
    const target = `https://127.0.0.1:${(site.address() as AddressInfo).port}/`;
    writeFileSync(join(folder, "ca.pem"), (await toPem(authority)).certificate);
    const probe = async (exporter: RunningExporter) =>
      exporter.metrics(`/probe?module=${siteModule}&target=${encodeURIComponent(target)}`);
    try {
      const trusting = await started(
        runExporter("prometheus-blackbox-exporter", blackboxExporter(), {
          environment: { SSL_CERT_FILE: join(folder, "ca.pem") },
        }),
      );
      const lines = await probe(trusting);
      expect(lines).toContain("probe_success 1");
      expect([...untold("blackbox exporter", lines), ...untold("blackbox exporter on TLS", lines)]).toEqual(
        [],
      );
      expect(unknownLabels("blackbox exporter", lines)).toEqual([]);
      status = 502;
      expect(await probe(trusting)).toContain("probe_success 0");
      status = 200;
      const strict = await started(runExporter("prometheus-blackbox-exporter", blackboxExporter()));
      expect(await probe(strict)).toContain("probe_success 0");
    } finally {
      site.closeAllConnections();
      await new Promise((resolve) => site.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
