import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { containerImages } from "../../catalog/images.ts";
import { type CloudInitSpec, workerCloudInit } from "../../components/gpu-pool/cloud-init.ts";
import { imageReference } from "../../components/image-reference.ts";

/** What Docker and Kubernetes take for an image: a path of at least two parts with a version. */
const reference =
  /(?<=["'`\s])[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)+(?::[A-Za-z0-9][\w.-]*|@sha256:[a-f0-9]{64})+(?=["'`\s\\])/g;

const catalogued = new Set<string>(Object.values(containerImages).map(imageReference));
const ofThePlatform = /^registry\.digitalocean\.com\/whisper-(staging|production)-registry\//;

/** The images of others that a text names and the catalogue does not. */
const strangersIn = (text: string): string[] =>
  [...new Set(text.match(reference))].filter((image) => !catalogued.has(image) && !ofThePlatform.test(image));

describe("images of others", () => {
  it("are found where they stand", () => {
    const text = '{"image": "quay.io/other/thing:v1", "run": "docker run \\\\\\n  other/thing:2 \\\\\\n"}';
    expect(strangersIn(text)).toEqual(["quay.io/other/thing:v1", "other/thing:2"]);
  });

  it.each(["staging", "production"])("come from the catalogue wherever %s names one", (environment) => {
    const golden = readFileSync(new URL(`../golden/${environment}.json`, import.meta.url), "utf8");
    const text = golden.replaceAll("\\n", "\n");
    expect(text.match(reference)).toContain(imageReference(containerImages.prometheus));
    expect(strangersIn(text)).toEqual([]);
  });

  it.each(["components", "stacks", "infra", "policies"])("stand nowhere in the code of %s", (room) => {
    const folder = fileURLToPath(new URL(`../../${room}/`, import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const code = files
      .filter((file) => file.endsWith(".ts"))
      .flatMap((file) => readFileSync(`${folder}${file}`, "utf8").split("\n"))
      .filter((line) => !/^\s*(\*|\/)/.test(line));
    expect(code.length).toBeGreaterThan(100);
    expect(strangersIn(code.join("\n"))).toEqual([]);
  });

  it.each(["nvidia", "amd"] as const)("come from the catalogue on droplets with GPUs of %s", (gpuBrand) => {
    const spec: CloudInitSpec = {
      image: "registry.digitalocean.com/whisper-staging-registry/worker:0.1.0",
      gpuBrand,
      stopGraceSeconds: 600,
      metricsPort: 9100,
      environment: {},
      inbound: [],
    };
    const text = workerCloudInit(spec);
    expect(text.match(reference)).toContain(spec.image);
    expect(strangersIn(text)).toEqual([]);
  });
});
