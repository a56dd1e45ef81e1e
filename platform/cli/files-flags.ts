import { Option } from "commander";

/** Flags of whatever judges files without the engine. */
export const filesFlags = (): Option[] => [
  new Option("--manifests <path>", "judge the manifests of Kubernetes in a folder or file").conflicts([
    "state",
    "sandbox",
    "all",
  ]),
  new Option(
    "--state <file>",
    "judge what a state says is deployed, as `pulumi stack export` writes it",
  ).conflicts(["sandbox", "all"]),
  new Option(
    "--framework <name>",
    'ask those rules alone that answer to it, such as "Pod Security Standards"',
  ),
  new Option("--sarif <file>", "write the findings as SARIF too"),
  new Option("--junit <file>", "write the findings as JUnit's XML too"),
];
