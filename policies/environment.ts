import { Config, getStack } from "@pulumi/pulumi";
import { z } from "zod";

/** Environments whose stores hold data that must not be lost. */
const protectedEnvironments = ["production"];

const decommission = z.object({ confirm: z.string(), reason: z.string().min(1) });

/** Whether the stack that is judged is one whose stores must be protected and redundant. */
export function isProduction(): boolean {
  return protectedEnvironments.includes(getStack());
}

/**
 * Whether the stack's configuration says, by name and with a reason, that the environment is being taken down. It
 * is the only way past store protection, and stands in the repository's history.
 */
export function isBeingDecommissioned(): boolean {
  const said = decommission.safeParse(new Config("whisper-platform").getObject("decommission"));
  return said.success && said.data.confirm === getStack();
}
