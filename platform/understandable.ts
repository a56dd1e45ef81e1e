import { CommandError } from "@pulumi/pulumi/automation/index.js";
import type { PlatformHome } from "../sandbox/home.ts";
import { failure } from "./exit.ts";
import { interruptedMessage } from "./interruption.ts";

/** What was going on when something was thrown. */
interface Circumstances {
  readonly environment: string;
  readonly home: PlatformHome;
  /** Whether the operator has asked to stop. Default: no. */
  readonly interrupted?: boolean;
}

/**
 * What the engine's command line says when it fails is for people already, and its frames are not; an engine that was
 * interrupted before it had anything to say is no failure of anybody's. Any other error is given back as it is.
 */
export function understandable(
  error: unknown,
  { environment, home, interrupted = false }: Circumstances,
): unknown {
  if (!(error instanceof CommandError)) return error;
  if (/failed to load checkpoint/.test(error.message)) {
    return failure(
      `What is recorded of ${environment} cannot be read: its state is spoilt.\n${error.message}\n` +
        `Put back the last good copy: Pulumi keeps ${environment}.json.bak beside ${environment}.json (in the sandbox ` +
        `below ${home.state}). Then run "platform refresh ${environment}".\n` +
        'A sandbox can be started afresh too, with an empty cloud, with "platform sandbox reset".',
      error,
    );
  }
  return interrupted
    ? failure(interruptedMessage, error)
    : failure(`Pulumi's engine failed. ${error.message}`, error);
}
