import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkout } from "../../../sandbox/home.ts";

/** A small project in a folder of its own, for tests whose subject is the command and not the platform. */
export interface FixtureProject {
  /** To be given as `PLATFORM_PROJECT`. */
  readonly folder: string;
  /** Replaces `infra/program.ts`. */
  writeProgram(source: string): void;
  cleanUp(): void;
}

/** What a small project is made from. */
export interface FixtureOptions {
  /** TypeScript of `infra/program.ts`, which exports `program`. */
  readonly program: string;
  /** TypeScript of the policies: an array expression, with `policy` (of `@pulumi/policy`) in scope. Default: no pack. */
  readonly policies?: string;
}

/** Makes a project with the checkout's settings and environments, and a program and policies of the test's own. */
export function fixtureProject({ program, policies }: FixtureOptions): FixtureProject {
  const folder = mkdtempSync(join(tmpdir(), "platform-project-"));
  for (const file of ["Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.production.yaml", "package.json"]) {
    cpSync(join(checkout, file), join(folder, file));
  }
  symlinkSync(join(checkout, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "infra"));
  const writeProgram = (source: string) => writeFileSync(join(folder, "infra", "program.ts"), source);
  writeProgram(program);
  if (policies !== undefined) writePack(join(folder, "policies"), policies);
  return { folder, writeProgram, cleanUp: () => rmSync(folder, { recursive: true, force: true }) };
}

function writePack(folder: string, policies: string): void {
  mkdirSync(folder);
  for (const file of ["PulumiPolicy.yaml", "package.json", "index.js"]) {
    cpSync(join(checkout, "policies", file), join(folder, file));
  }
  writeFileSync(
    join(folder, "pack.ts"),
    `import * as policy from "@pulumi/policy";\nnew policy.PolicyPack("fixture", { policies: ${policies} });\n`,
  );
}

/** A program that makes VPCs, the cheapest things the cloud has. */
export const vpcProgram = (count: number, description = "made by a test"): string => `
import { Vpc } from "@pulumi/digitalocean";
export async function program() {
  const vpcs = Array.from({ length: ${count} }, (_, index) => new Vpc(\`test-vpc-\${index}\`, {
    name: \`test-vpc-\${index}\`, region: "tor1", ipRange: \`10.\${100 + index}.0.0/16\`, description: ${JSON.stringify(description)},
  }));
  return { urns: vpcs.map((vpc) => vpc.vpcUrn) };
}
`;
