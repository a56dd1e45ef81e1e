import { createGeneratedProvider } from "../generated/provider.ts";
import type { Provider } from "../kit/provider.ts";
import { RANDOM_TYPES } from "./types/index.ts";

/** The stand-in for pulumi-random: values are drawn once, kept in the state, and drawn anew when an input changes. */
export const createRandomProvider = (): Provider =>
  createGeneratedProvider({ name: "random", version: "4.21.2", types: RANDOM_TYPES });
