import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { baseImages } from "../../catalog/images.ts";
import { apiPort, webPort } from "../../components/application/traffic.ts";
import { workerMetricsPort, workerUid } from "../../components/gpu-pool/worker-unit.ts";
import { imageReference } from "../../components/image-reference.ts";
import { basesOf, dockerfileOf, faultsOf, imageNames, imagesFolder, lastOf } from "./dockerfile-rules.ts";

/** Images whose context is a source that others write. */
const ofTheApplication = ["api", "web", "worker"];

const base = imageReference(baseImages.ubuntu);
const sound = `FROM ${base} AS build
FROM ${base}
COPY --from=build /bin/true /bin/true
USER 10001:10001
HEALTHCHECK --timeout=5s CMD ["true"]
CMD ["true"]
`;

describe("the rules for Dockerfiles", () => {
  it("let a sound one pass", () => expect(faultsOf(sound)).toEqual([]));

  it.each([
    ["one stage", `FROM ${base} AS build\n`, "", "has one stage"],
    ["a base of its own", `${base}\nCOPY`, "ubuntu:latest\nCOPY", "starts from ubuntu:latest"],
    ["a user with a name", "10001:10001", "whisper", "runs as whisper"],
    ["root", "USER 10001:10001\n", "", "runs as root"],
    ["no health check", 'HEALTHCHECK --timeout=5s CMD ["true"]', "HEALTHCHECK NONE", "has no health check"],
    ["a health check in a shell", 'CMD ["true"]\nCMD', "CMD true\nCMD", "needs a shell"],
    ["a command in a shell", 'CMD ["true"]\n$', "CMD true\n", "goes through a shell"],
    ["a secret", "USER", "ARG NPM_TOKEN\nENV DB_PASSWORD=x A=b\nUSER", "NPM_TOKEN would be"],
    ["ADD", "COPY --from=build /bin/true", "ADD https://example.com/x", "uses ADD"],
    ["one platform", `FROM ${base}\n`, `FROM --platform=linux/amd64 ${base}\n`, "whatever"],
  ])("refuse %s", (_, from, to, fault) => {
    const spoilt = from.endsWith("$")
      ? sound.replace(new RegExp(`${escaped(from.slice(0, -1))}$`), to)
      : sound.replace(from, to);
    expect(spoilt).not.toBe(sound);
    expect(faultsOf(spoilt).join("\n")).toContain(fault);
  });
});

const escaped = (text: string) => text.replaceAll(/[[\]"]/g, "\\$&");

describe.each(imageNames)("the Dockerfile of %s", (image) => {
  it("keeps the rules", () => expect(faultsOf(dockerfileOf(image))).toEqual([]));
});

const hadolint = (image: string) =>
  spawnSync(
    "hadolint",
    ["--no-color", "--config", `${imagesFolder}.hadolint.yaml`, `${imagesFolder}${image}/Dockerfile`],
    { encoding: "utf8" },
  );
const hadolintIsHere = spawnSync("hadolint", ["--version"]).error === undefined;
if (!hadolintIsHere) {
  process.stderr.write(
    "NOT RUN: hadolint is not installed, so nobody judges the Dockerfiles (npm run judges)\n",
  );
}

describe.skipIf(!hadolintIsHere)("hadolint", () => {
  it.each(imageNames)("has nothing to say about %s", (image) => {
    const verdict = hadolint(image);
    expect(`${verdict.stdout}${verdict.stderr}`).toBe("");
    expect(verdict.status).toBe(0);
  });
});

describe("the application's images", () => {
  it.each(ofTheApplication)("leave history and secrets out of the context of %s", (image) => {
    const file = `${imagesFolder}${image}/Dockerfile.dockerignore`;
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8").split("\n")).toEqual(expect.arrayContaining(["**/.git", "**/.env*"]));
  });

  it.each([
    ["api", apiPort],
    ["web", webPort],
    ["worker", workerMetricsPort],
  ])("listen where the platform looks for %s", (image, port) => {
    expect(lastOf(dockerfileOf(image), "EXPOSE")).toEqual([String(port)]);
  });

  it("run as the user that the platform runs them as", () => {
    for (const image of ofTheApplication) {
      expect(lastOf(dockerfileOf(image), "USER"), image).toEqual([`${workerUid}:${workerUid}`]);
    }
  });
});

it("every base is pinned to its bytes, and says who knows them", () => {
  for (const { digest, digestFrom } of Object.values(baseImages)) {
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(digestFrom).toBeTruthy();
  }
});

it("no base of the catalogue is there for nothing", () => {
  const used = new Set(imageNames.flatMap((image) => basesOf(dockerfileOf(image))));
  expect([...used].sort()).toEqual(Object.values(baseImages).map(imageReference).sort());
});
