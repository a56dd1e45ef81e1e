import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterAll, describe, expect, it } from "vitest";
import { checkout, platformHome } from "../../sandbox/home.ts";

const launcher = fileURLToPath(new URL("../../platform/bin/platform.js", import.meta.url));
const home = platformHome({ PLATFORM_HOME: mkdtempSync(join(tmpdir(), "platform-cli-")) });

afterAll(() => rmSync(home.root, { recursive: true, force: true }));

async function platform(args: string[], env: Record<string, string | undefined> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [launcher, ...args], {
    reject: false,
    stdin: "ignore",
    env: {
      DIGITALOCEAN_TOKEN: undefined,
      DIGITALOCEAN_ACCESS_TOKEN: undefined,
      SPACES_ACCESS_KEY_ID: undefined,
      SPACES_SECRET_ACCESS_KEY: undefined,
      PULUMI_DEBUG_PROVIDERS: undefined,
      DIGITALOCEAN_API_URL: undefined,
      SPACES_ENDPOINT_URL: undefined,
      PULUMI_BACKEND_URL: undefined,
      PLATFORM_HOME: home.root,
      ...env,
    },
  });
  return { status: exitCode, stdout, stderr };
}

describe("wrong usage ends with status 2, says what to do, and shows no stack trace", () => {
  it.each([
    { args: ["upp", "staging"], says: /unknown command 'upp'/ },
    { args: ["up"], says: /missing required argument 'environment'/ },
    { args: ["up", "stagin", "--sandbox"], says: /no environment "stagin".*production and staging/s },
    { args: ["up", "staging", "--bogus"], says: /unknown option '--bogus'/ },
    { args: ["sandbox", "start", "--port", "70000"], says: /whole number from 1 to 65535/ },
    { args: ["sandbox", "faults", "set", "--status", "200"], says: /from 400 to 599/ },
    {
      args: ["health", "staging", "--sandbox", "--mode", "often"],
      says: /Allowed choices are once, scheduled, continuous/,
    },
    { args: ["health", "staging", "--sandbox", "--interval", "2"], says: /whole number from 5 to 3600/ },
    {
      args: ["health", "staging", "--sandbox", "--interval", "30"],
      says: /--interval is how often --mode continuous looks.*"once"/,
    },
    {
      args: ["up", "staging"],
      says: /DIGITALOCEAN_TOKEN.*SPACES_ACCESS_KEY_ID.*SPACES_SECRET_ACCESS_KEY.*--sandbox/s,
    },
    {
      args: ["up", "staging", "--sandbox"],
      env: { PLATFORM_PLUGINS: "mine" },
      says: /auto, vendor, builtin/,
    },
    {
      args: ["up", "staging", "--sandbox"],
      env: { PLATFORM_HOME: join(launcher, "home") },
      says: /platform\.js.* cannot be used: .*\nSet PLATFORM_HOME to a folder of your own/,
    },
    {
      args: ["preview", "staging"],
      env: {
        PLATFORM_PLUGINS: "builtin",
        DIGITALOCEAN_TOKEN: "t",
        SPACES_ACCESS_KEY_ID: "k",
        SPACES_SECRET_ACCESS_KEY: "s",
      },
      says: /stand-ins never touch DigitalOcean/,
    },
    {
      args: ["status", "production"],
      env: { PULUMI_BACKEND_URL: pathToFileURL(home.state).href },
      says: /PULUMI_BACKEND_URL=.*sandbox's state.*\n.*Add "--sandbox"/,
    },
    {
      args: ["gate", "staging", "--all", "--sandbox"],
      env: {},
      says: /--all judges every environment: leave out staging/,
    },
    { args: ["gate"], env: {}, says: /Say which environment, --all, or what is to be judged/ },
    { args: ["gate", "--all", "--manifests", "charts"], env: {}, says: /cannot be used with option '--all'/ },
  ])("$args", async ({ args, env, says }) => {
    const { status, stderr } = await platform(args, env);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(2);
  });
});

it("shows examples in the help of every verb, and ends with status 0", async () => {
  const verbs = ["preview", "up", "refresh", "destroy", "status", "gate"];
  await Promise.all(
    verbs.map(async (verb) => {
      const { status, stdout } = await platform([verb, "--help"]);
      expect(stdout).toContain(`$ npx platform ${verb}`);
      expect(status).toBe(0);
    }),
  );
});

it("prints errors as JSON too, on standard output alone", async () => {
  const { status, stdout } = await platform(["up", "staging", "--json"]);
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { exitStatus: 2 },
    missing: ["DIGITALOCEAN_TOKEN", "SPACES_ACCESS_KEY_ID", "SPACES_SECRET_ACCESS_KEY"],
  });
});

it("says what to do in a checkout where nothing was installed yet", async () => {
  const fresh = mkdtempSync(join(tmpdir(), "platform-cli-"));
  for (const part of ["package.json", "platform", "toolchain"]) {
    cpSync(join(checkout, part), join(fresh, part), { recursive: true });
  }
  const { exitCode, stderr } = await execa(
    process.execPath,
    [join(fresh, "platform/bin/platform.js"), "--help"],
    {
      reject: false,
    },
  );
  rmSync(fresh, { recursive: true });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('Run "npm ci" in the checkout');
  expect(stderr).not.toContain("    at ");
});

it("goes on when nobody reads it any more, and loses no result to a full disk unnoticed", async () => {
  const unread = async (...args: string[]) => {
    const child = spawn(process.execPath, [launcher, ...args], {
      env: { ...process.env, PLATFORM_HOME: home.root },
    });
    child.stdout.destroy();
    child.stderr.destroy();
    const [status] = await once(child, "exit");
    return status;
  };
  expect(await unread("sandbox", "status")).toBe(0);
  expect(await unread("up", "stagin")).toBe(2);
  if (!existsSync("/dev/full")) return;
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [launcher, "sandbox", "status"], {
    env: { ...process.env, PLATFORM_HOME: home.root },
    stdio: ["ignore", full, "ignore"],
  });
  closeSync(full);
  expect((await once(child, "exit"))[0]).toBe(1);
});

it("says that the sandbox does not run, and starts none to find out", async () => {
  expect((await platform(["sandbox", "inventory"])).status).toBe(1);
  expect(JSON.parse((await platform(["sandbox", "status", "--json"])).stdout)).toEqual({ running: false });
  expect(existsSync(home.sandboxRecord)).toBe(false);
});

it("says what to do about a sandbox's record that cannot be read", async () => {
  const broken = platformHome({ PLATFORM_HOME: mkdtempSync(join(tmpdir(), "platform-cli-")) });
  try {
    mkdirSync(broken.sandbox);
    writeFileSync(broken.sandboxRecord, "{");
    const { status, stderr } = await platform(["sandbox", "status"], { PLATFORM_HOME: broken.root });
    expect(status).toBe(1);
    expect(stderr).toMatch(/is not the record of a sandbox[\s\S]*platform sandbox reset/);
    expect(stderr).not.toMatch(/^\s+at /m);
  } finally {
    rmSync(broken.root, { recursive: true, force: true });
  }
});
