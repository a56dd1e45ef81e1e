import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { imageNames } from "../images/dockerfile-rules.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const workflows = readdirSync(`${root}.github/workflows`).map((file) => `.github/workflows/${file}`);
const actions = readdirSync(`${root}.github/actions`).map((folder) => `.github/actions/${folder}/action.yml`);
const textOf = (file: string) => readFileSync(`${root}${file}`, "utf8");

/** A workflow, as far as it is judged here. */
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly strategy?: { readonly matrix?: { image?: string[] } } }>>;
}
const workflowOf = (file: string): Workflow => parse(textOf(file));

describe.each([...workflows, ...actions])("%s", (file) => {
  it("names each action of others by its commit, and says which version that is", () => {
    const used = [...textOf(file).matchAll(/uses: +(?!\.\/)(.*)$/gm)].map(([, action]) => action);
    expect(used).not.toEqual([]);
    for (const action of used) expect(action).toMatch(/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("leaves no token of the checkout behind", () => {
    const text = textOf(file);
    const count = (pattern: RegExp) => [...text.matchAll(pattern)].length;
    expect(count(/persist-credentials: false/g)).toBe(count(/uses: actions\/checkout@/g));
  });
});

it.each(workflows)("%s may read the repository and no more, but for jobs that say otherwise", (file) => {
  expect(workflowOf(file).permissions).toEqual({ contents: "read" });
});

it("every image is built", () => {
  const { build } = workflowOf(".github/workflows/images.yml").jobs;
  expect(build?.strategy?.matrix?.image?.toSorted()).toEqual(imageNames);
});

const actionlintIsHere = spawnSync("actionlint", ["-version"]).error === undefined;
if (!actionlintIsHere) {
  process.stderr.write(
    "NOT RUN: actionlint is not installed, so nobody judges the workflows (npm run judges)\n",
  );
}

it.skipIf(!actionlintIsHere)("actionlint has nothing to say about the workflows", () => {
  const { status, stdout } = spawnSync("actionlint", ["-no-color", ...workflows], {
    cwd: root,
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});
