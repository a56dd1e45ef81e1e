import { z } from "zod";
import { context } from "./context.ts";
import { settings } from "./settings.ts";

/** Stack whose stores hold data that must not be lost, where no configuration says which those are. */
const production = "production";

const decommission = z.object({ confirm: z.string(), reason: z.string().min(1) });

/**
 * Whether the stack that is judged is one whose stores must be protected and redundant: `policies:production` in its
 * configuration says so. Default: the stack of that name.
 */
export const isProduction = (): boolean => settings().production ?? context().stack === production;

/**
 * Whether the stack's configuration says, by name and with a reason, that the environment is being taken down. It
 * is the only way past store protection, and stands in the repository's history.
 */
export function isBeingDecommissioned(): boolean {
  const { stack, read } = context();
  const said = decommission.safeParse(parsed(read("whisper-platform", "decommission")));
  return said.success && said.data.confirm === stack;
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return text;
  }
}
