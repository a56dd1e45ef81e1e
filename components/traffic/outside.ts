import { syslogTlsPort } from "../syslog.ts";
import { declareParty } from "./declaration.ts";

/** Everybody on public addresses: what the platform fetches from there, and whom the edge serves. */
export const internet = declareParty(
  "internet",
  { kind: "outside", addresses: "internet" },
  {
    listens: {
      https: { port: 443 },
      http: { port: 80 },
      mail: { port: 2525 },
      submission: { port: 587 },
      names: { port: 53, protocol: "udp" },
      time: { port: 123, protocol: "udp" },
      syslog: { port: syslogTlsPort },
    },
  },
);

/** The people who run the platform, at the ranges that the deployment names. */
export const operators = declareParty("operators", { kind: "outside", addresses: "operators" }, {});
