import { createGeneratedProvider } from "../generated/provider.ts";
import type { Provider } from "../kit/provider.ts";
import { TLS_TYPES } from "./types/index.ts";

/** The stand-in for pulumi-tls: keys and certificates, which are made anew when their time is nearly over. */
export const createTlsProvider = (): Provider =>
  createGeneratedProvider({ name: "tls", version: "5.6.1", types: TLS_TYPES });
