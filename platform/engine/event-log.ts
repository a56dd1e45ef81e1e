import { closeSync, mkdirSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { EngineEvent, Stack } from "@pulumi/pulumi/automation/index.js";

/** How often the file is looked into for what is new. */
const pollMs = 100;

/** Where an update's events are, from its beginning until somebody was told of all of them. */
const eventLog = (workFolder: string): string => join(workFolder, "events", "up.jsonl");

/**
 * The stack, with the events of an update in a file, which is read as it grows. By itself the Automation API has the
 * engine send them, and what is sent to a command that was just killed nobody hears of; of what is in a file the next
 * command can take note. Previews and the like change nothing that would have to be known later.
 *
 * @param workFolder Scratch folder of the environment.
 */
export function withEventLog(stack: Stack, workFolder: string): Stack {
  const file = eventLog(workFolder);
  const setupEventLog: SetupEventLog = async function (this: Stack, command, onEvent, version) {
    if (command !== "up") return Reflect.get(stack, "setupEventLog").call(this, command, onEvent, version);
    mkdirSync(dirname(file), { recursive: true });
    closeSync(openSync(file, "w", 0o600));
    const end = follow(file, onEvent);
    // The Automation API calls these two at the end, and then deletes the file with its folder.
    return { logFile: file, logPromise: Promise.resolve({ tail: { quit: end }, rl: { close: () => {} } }) };
  };
  return Object.create(stack, { setupEventLog: { value: setupEventLog } });
}

/** What the Automation API calls, on the stack itself, before an operation. */
type SetupEventLog = (
  command: string,
  onEvent: (event: EngineEvent) => void,
  version: string,
) => Promise<{ logFile: string; logPromise: Promise<unknown> }>;

/**
 * Tells of the events of an update whose command was killed before it was told, and forgets them. To be called when its
 * engine is gone.
 */
export function tellLeftEvents(workFolder: string, onEvent: (event: EngineEvent) => void): void {
  const file = eventLog(workFolder);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return;
  }
  lineReader(onEvent)(text);
  rmSync(dirname(file), { recursive: true, force: true });
}

/** Tells of what is appended to a file. @returns To be called when nothing is appended any more: tells of the rest. */
function follow(file: string, onEvent: (event: EngineEvent) => void): () => Promise<void> {
  const descriptor = openSync(file, "r");
  const buffer = Buffer.alloc(1 << 16);
  const decoder = new TextDecoder();
  const tell = lineReader(onEvent);
  const readOn = () => {
    for (let size = -1; size !== 0; ) {
      size = readSync(descriptor, buffer);
      tell(decoder.decode(buffer.subarray(0, size), { stream: true }));
    }
  };
  let failure: { readonly error: unknown } | undefined;
  const timer = setInterval(() => {
    try {
      readOn();
    } catch (error) {
      // The engine is not disturbed: the operation fails when it is done.
      failure = { error };
      clearInterval(timer);
    }
  }, pollMs);
  return async () => {
    clearInterval(timer);
    try {
      if (failure !== undefined) throw failure.error;
      readOn();
    } finally {
      closeSync(descriptor);
    }
  };
}

/** Takes a text piece by piece, and tells of each whole line: killed engines and full disks leave half ones. */
function lineReader(onEvent: (event: EngineEvent) => void): (piece: string) => void {
  let rest = "";
  return (piece) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const event = parse(line);
      if (event !== undefined) onEvent(event);
    }
  };
}

function parse(line: string): EngineEvent | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
