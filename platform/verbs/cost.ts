import { environmentCost } from "../../infra/cost.ts";
import { declaredResources } from "../engine/declared.ts";
import { isOperatorsFault } from "../engine/program-failures.ts";
import { openProject, whatAndWhere } from "../environment/project.ts";
import { readEnvironment } from "../environment/settings.ts";
import { type ExitStatus, exitStatus, failure, usageError } from "../exit.ts";
import { costText } from "../report/cost-text.ts";
import type { Output } from "../report/output.ts";

/** Tells what an environment costs a month, from what the program asks for. Needs no engine, no cloud, no credentials. */
export async function runCost(environment: string, output: Output): Promise<ExitStatus> {
  const project = openProject();
  const file = await readEnvironment(project, environment);
  const program = await project.program();
  const asked = await declaredResources(program, project.settings.name, file).catch((error: unknown) => {
    if (error instanceof Error && isOperatorsFault(error)) throw usageError(error.message);
    throw failure(`The program failed:\n${whatAndWhere(error, project.folder)}`, error);
  });
  const cost = environmentCost(asked);
  output.result(
    { schema: 1, environment, currency: "USD", per: "month", ...cost },
    costText(environment, cost, output),
  );
  return exitStatus.done;
}
