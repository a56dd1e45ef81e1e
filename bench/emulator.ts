import autocannon from "autocannon";
import type { RunningRecord } from "../sandbox/daemon/record.ts";

const connections = 10;
const runs = 5;
const runSeconds = 2;

/** How many requests a second the emulated API answers on one path, one sample a run. Loopback only. */
export async function requestsPerSecond(record: RunningRecord, path: string): Promise<number[]> {
  const samples: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const { requests, non2xx } = await autocannon({
      url: `http://127.0.0.1:${record.ports.api}${path}`,
      headers: { authorization: `Bearer ${record.apiToken}` },
      connections,
      duration: runSeconds,
    });
    if (non2xx > 0)
      throw new Error(`${non2xx} requests of ${path} were refused: the figure would mean nothing`);
    samples.push(requests.average);
  }
  return samples;
}
