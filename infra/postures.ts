import type { Posture } from "../stacks/posture.ts";
import { production } from "../stacks/production.ts";
import { staging } from "../stacks/staging.ts";
import type { Environment } from "./config/index.ts";

/** How large each environment is, and how carefully kept. */
export const postures: Readonly<Record<Environment, Posture>> = { staging, production };
