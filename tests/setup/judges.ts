import { execa } from "execa";

/**
 * `npm test` begins here. Some tests let the real program judge what we generate for it. Where one is missing, its
 * tests say that they were not run; CI, which can install it, does, so that nothing is left out there.
 */
const judges = [
  { program: "nginx", debianPackage: "nginx-light", judges: "the edge's configuration" },
  { program: "promtool", debianPackage: "prometheus", judges: "scrape configuration and alert rules" },
  { program: "cloud-init", debianPackage: "cloud-init", judges: "what droplets are started with" },
];

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function isThere(program: string): Promise<boolean> {
  const search = `${process.env.PATH}:/usr/sbin:/sbin`;
  return (
    (await execa("sh", ["-c", `command -v ${program}`], { env: { PATH: search }, reject: false }))
      .exitCode === 0
  );
}

async function install(packages: readonly string[]): Promise<void> {
  say(`Installing ${packages.join(", ")} (CI)`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await execa("apt-get", ["update", "-qq"], { env });
  // The programs are wanted, not their services.
  await execa("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
    env: { ...env, RUNLEVEL: "1" },
  });
}

const missing: typeof judges = [];
for (const judge of judges) if (!(await isThere(judge.program))) missing.push(judge);

const canInstall = process.env.CI === "true" && process.getuid?.() === 0 && (await isThere("apt-get"));
if (missing.length > 0 && canInstall) {
  await install(missing.map((judge) => judge.debianPackage));
} else {
  for (const judge of missing) {
    say(
      `NOT RUN: the tests of ${judge.judges} need ${judge.program} (Debian package ${judge.debianPackage}).`,
    );
  }
}
