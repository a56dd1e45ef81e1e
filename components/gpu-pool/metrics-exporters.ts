import { type ContainerImage, containerImages } from "../../catalog/images.ts";
import type { Gpu } from "../../catalog/sizes.ts";
import { imageReference } from "../image-reference.ts";
import { needsPrivateAddress, publishedPrivately } from "./private-address.ts";
import { unitFile } from "./unit-file.ts";
import { gpuFlags } from "./worker-unit.ts";

/** Port of the machine's metrics: processors, memory, disks, network. The worker's own have node exporter's usual 9100. */
export const nodeMetricsPort = 9101;

/** Port of the GPUs' metrics: load, memory, temperature, power, errors. */
export const gpuMetricsPort = 9400;

/** The exporter of each brand, and the port that it listens on in its container. */
const exporters: Readonly<Record<Gpu["brand"], { image: ContainerImage; port: number }>> = {
  nvidia: { image: containerImages.nvidiaGpuExporter, port: 9400 },
  amd: { image: containerImages.amdGpuExporter, port: 5000 },
};

/** Settings of Debian's node exporter, a process of the host: the host's firewall decides who reaches it. */
export const nodeExporterSettings = `ARGS="--web.listen-address=:${nodeMetricsPort}"\n`;

/** The systemd service that tells the GPUs' metrics, in a container beside the worker's. */
export function gpuExporterService(brand: Gpu["brand"]): string {
  const { image, port } = exporters[brand];
  const run = [
    "/usr/bin/docker run --rm --name gpu-metrics",
    ...gpuFlags[brand],
    "--cap-drop ALL --security-opt no-new-privileges --pids-limit 512 --memory 1g",
    publishedPrivately(gpuMetricsPort, port),
    imageReference(image),
  ];
  return unitFile({
    Unit: { Description: "Metrics of the GPUs", ...needsPrivateAddress.unit },
    Service: {
      Type: "simple",
      ExecStartPre: "-/usr/bin/docker rm --force gpu-metrics",
      ...needsPrivateAddress.service,
      ExecStart: run.join(" \\\n  "),
      ExecStop: "/usr/bin/docker stop gpu-metrics",
      TimeoutStartSec: "900",
    },
    Install: { WantedBy: "multi-user.target" },
  });
}
