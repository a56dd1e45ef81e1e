import { ProviderError } from "../../kit/index.ts";
import { waitUntil } from "../api/wait.ts";
import type { Operation } from "../dsl/resource.ts";
import { isYounger } from "../dsl/rest.ts";
import { isPlainMap, type PlainMap } from "../dsl/wire.ts";

/** Starts an action of a droplet, a volume or an address, and waits until it is completed. */
export async function act(path: string, action: PlainMap, operation: Operation): Promise<void> {
  const { api, signal } = operation;
  const startedAt = Date.now();
  // What was asked for once and is asked for again is refused: a droplet that is off cannot be switched off.
  const lookUp = async (stop: AbortSignal) => {
    const actions = await api.list(`${path}/actions`, "actions", stop);
    const earlier = actions.find(
      (candidate) =>
        String(candidate.type).startsWith(String(action.type)) &&
        isYounger(candidate, startedAt, "started_at"),
    );
    return earlier && { action: earlier };
  };
  const started = (await api.create(`${path}/actions`, action, lookUp, signal)).action;
  if (!isPlainMap(started)) return;
  operation.progress(`waiting: ${String(action.type)} is in progress`);
  await waitUntil(
    async () => {
      const answer = await api.get(`/v2/actions/${String(started.id)}`, signal);
      const status = isPlainMap(answer.action) ? answer.action.status : undefined;
      if (status === "errored") {
        throw new ProviderError(`DigitalOcean could not ${String(action.type)} ${path}: its action errored`);
      }
      return status === "completed" ? true : undefined;
    },
    { what: `${String(action.type)} of ${path}`, timeoutMs: operation.timeoutMs, signal },
  );
}
