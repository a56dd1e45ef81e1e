import { SandboxError } from "../error.ts";
import { portHolder } from "./port-holder.ts";
import { type Service, serviceTitles } from "./record.ts";

/** A port that the sandbox keeps is taken by another program. */
export function occupiedPort(service: Service, port: number): SandboxError {
  const holder = portHolder(port);
  const who = holder === undefined ? "another program" : `process ${holder.pid} (${holder.command})`;
  const free = holder === undefined ? "End that program" : `End process ${holder.pid}`;
  const remedy =
    service === "api"
      ? `${free}, or choose another port with "platform sandbox start --port <port>"`
      : `${free}, or choose new ports, and an empty cloud, with "platform sandbox reset"`;
  return new SandboxError(
    `Port ${port} of ${serviceTitles[service]} is taken by ${who}.\n` +
      `The sandbox keeps its ports from one start to the next, because kubeconfigs and shells remember them.\n${remedy}.`,
    { usage: true },
  );
}
