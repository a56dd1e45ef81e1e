import { type ExitStatus, exitStatus } from "../exit.ts";
import { storeLines, verdictLines } from "../report/change-text.ts";
import type { Output } from "../report/output.ts";
import { type VerbOptions, withSession } from "../session.ts";
import { planChange } from "./plan-change.ts";

/** Judges what an `up` would do, and tells the verdict alone. Refused: exit status 3. */
export const runGate = (environment: string, options: VerbOptions, output: Output): Promise<ExitStatus> =>
  withSession(environment, options, output, async (session) => {
    const { report } = await planChange(session);
    const { schema, target, allowed, findings, endangeredStores, lostStores, protectionLifted } = report;
    output.result(
      { schema, environment, target, allowed, findings, endangeredStores, lostStores, protectionLifted },
      [...storeLines(report, output.colors), ...verdictLines(report, output.colors)].join("\n").trim(),
    );
    return allowed ? exitStatus.done : exitStatus.refused;
  });
