import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { FaultPlan } from "../../../sandbox/faults/plan.ts";
import { Recording } from "../../../sandbox/recording/recording.ts";
import { createSpaces, type Spaces } from "../../../sandbox/spaces/spaces.ts";
import { openStore } from "../../../sandbox/store/store.ts";

export const owner = { accessKey: "DO00OWNER", secretKey: "the owner's secret" };

/** A Spaces server on a free port with a folder of its own, that can be stopped and started again. */
export interface TestSpaces {
  readonly directory: string;
  /** The full-access key's client. */
  readonly client: S3Client;
  /** A client of another key; without one, of the same. */
  clientOf(key: { accessKey: string; secretKey: string }): S3Client;
  spaces(): Spaces;
  /** What is to go wrong; nothing, to begin with. */
  readonly faults: FaultPlan;
  readonly recording: Recording;
  url(): string;
  /** Ends the server and begins another on the same folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** @param now The server's clock. @default the machine's */
export async function startSpaces(now = () => new Date()): Promise<TestSpaces> {
  const directory = mkdtempSync(join(tmpdir(), "spaces-"));
  const clients: S3Client[] = [];
  const failures: unknown[] = [];
  const faults = new FaultPlan();
  const recording = new Recording();
  let port = 0;

  const start = async () => {
    const store = openStore(join(directory, "data"));
    const spaces = createSpaces({
      store,
      directory: join(directory, "spaces"),
      owner,
      faults,
      recording,
      now,
      onError: (error) => failures.push(error),
    });
    port = await spaces.listen(port);
    return { store, spaces };
  };
  let running = await start();
  const stop = async () => {
    for (const client of clients) client.destroy();
    await running.spaces.close();
    await running.store.close();
  };
  const clientOf = (key: { accessKey: string; secretKey: string }) => {
    const client = new S3Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: "fra1",
      forcePathStyle: true,
      credentials: { accessKeyId: key.accessKey, secretAccessKey: key.secretKey },
      maxAttempts: 1,
    });
    clients.push(client);
    return client;
  };
  return {
    directory,
    client: clientOf(owner),
    clientOf,
    spaces: () => running.spaces,
    faults,
    recording,
    url: () => `http://127.0.0.1:${port}`,
    restart: async () => {
      await stop();
      running = await start();
    },
    close: async () => {
      await stop();
      recording.stop();
      rmSync(directory, { recursive: true, force: true });
      if (failures.length > 0) throw new AggregateError(failures, "Spaces failed within");
    },
  };
}
