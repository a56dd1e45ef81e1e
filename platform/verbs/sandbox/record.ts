import { resolve } from "node:path";
import { type ExitStatus, exitStatus } from "../../exit.ts";
import type { Output } from "../../report/output.ts";
import { runningSandbox } from "./running.ts";

/** Records every request to the emulated API and to Spaces, and its answer, as a line of JSON in a file. */
export async function runRecordStart(file: string, output: Output): Promise<ExitStatus> {
  const path = resolve(file);
  await runningSandbox().client.startRecording(path);
  output.result({ recording: path }, `Requests and answers are recorded into ${path}.`);
  return exitStatus.done;
}

export async function runRecordStop(output: Output): Promise<ExitStatus> {
  await runningSandbox().client.stopRecording();
  output.result({ recording: null }, "Nothing is recorded any more.");
  return exitStatus.done;
}
