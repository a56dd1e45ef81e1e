/** Pulumi's provider protocol, once, for all stand-ins: implement `Provider`, hand it to `serveProvider`. */
export type { CallInFlight } from "./connections.ts";
export * from "./diff.ts";
export * from "./errors.ts";
export { marshal, unmarshal } from "./marshal.ts";
export * from "./path.ts";
export * from "./provider.ts";
export { type ServedProvider, type ServeOptions, serveProvider } from "./serve.ts";
export * from "./unconfigured.ts";
export * from "./values.ts";
