import { z } from "zod";
import { SandboxError } from "../error.ts";
import type { FaultPlanInput } from "../faults/plan.ts";
import type { SandboxRecord } from "./record.ts";

const inventorySchema = z.record(
  z.string(),
  z.array(z.object({ id: z.string(), name: z.string(), createdAt: z.string() })),
);
const callsSchema = z.array(z.object({ urn: z.string(), method: z.string(), cancelled: z.boolean() }));
const statusSchema = z.object({
  pid: z.number(),
  memoryMib: z.number(),
  clusters: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      server: z.string().optional(),
      podServers: z.array(
        z.object({
          name: z.string(),
          status: z.string(),
          address: z.string().optional(),
          message: z.string().optional(),
        }),
      ),
    }),
  ),
  stores: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      engine: z.string(),
      status: z.string(),
      message: z.string().optional(),
      address: z.string(),
      processes: z.array(z.object({ name: z.string(), pid: z.number(), restarts: z.number() })),
    }),
  ),
  absentEngines: z.array(z.object({ engine: z.string(), reason: z.string() })),
});
const faultsSchema = z.object({
  seed: z.number(),
  rules: z.array(z.looseObject({ matched: z.number(), struck: z.number() })),
});
const recordingSchema = z.object({ file: z.string().nullable() });

const expiredSchema = z.object({
  expired: z.array(
    z.object({ bucket: z.string(), hidden: z.number(), removed: z.number(), uploads: z.number() }),
  ),
});

/** What lifecycle rules did, by bucket. */
export type ExpiryReport = z.infer<typeof expiredSchema>["expired"];

/** How the sandbox does. */
export type SandboxStatus = z.infer<typeof statusSchema>;

/** The plan of faults, with how often each rule matched and struck. */
export type FaultsReport = z.infer<typeof faultsSchema>;

/** A client of the sandbox's own controls. Every method throws {@link SandboxError} when they refuse or do not answer. */
export class SandboxClient {
  readonly #daemon: string;
  readonly #cloud: string;
  readonly #token: string;

  constructor(record: Pick<SandboxRecord, "ports" | "adminToken">) {
    this.#daemon = `http://127.0.0.1:${record.ports.admin}`;
    this.#cloud = `http://127.0.0.1:${record.ports.api}/_sandbox`;
    this.#token = record.adminToken;
  }

  async status(): Promise<SandboxStatus> {
    return statusSchema.parse(await this.#ask("GET", `${this.#daemon}/status`));
  }

  /** The provider calls that are being worked on now. */
  async callsInFlight(): Promise<z.infer<typeof callsSchema>> {
    return callsSchema.parse(await this.#ask("GET", `${this.#daemon}/calls`));
  }

  /** Lets the buckets' lifecycle rules act as the nights of the next `days` would. */
  async expire(days: number): Promise<ExpiryReport> {
    return expiredSchema.parse(await this.#ask("POST", `${this.#daemon}/expire?days=${days}`)).expired;
  }

  /** What exists in the cloud, by kind; `{}` when nothing does. */
  async inventory(): Promise<z.infer<typeof inventorySchema>> {
    return inventorySchema.parse(await this.#ask("GET", `${this.#cloud}/inventory`));
  }

  async faults(): Promise<FaultsReport> {
    return faultsSchema.parse(await this.#ask("GET", `${this.#cloud}/faults`));
  }

  async setFaults(plan: FaultPlanInput): Promise<FaultsReport> {
    return faultsSchema.parse(await this.#ask("PUT", `${this.#cloud}/faults`, plan));
  }

  async clearFaults(): Promise<void> {
    await this.#ask("DELETE", `${this.#cloud}/faults`);
  }

  /** The file that requests and answers are being recorded into, if any. */
  async recording(): Promise<string | undefined> {
    return recordingSchema.parse(await this.#ask("GET", `${this.#cloud}/recording`)).file ?? undefined;
  }

  /** Records every request and answer into a file of JSON lines, from now on. @param file Absolute path. */
  async startRecording(file: string): Promise<void> {
    await this.#ask("PUT", `${this.#cloud}/recording`, { file });
  }

  async stopRecording(): Promise<void> {
    await this.#ask("DELETE", `${this.#cloud}/recording`);
  }

  async #ask(method: string, url: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new SandboxError(`The sandbox does not answer at ${url}: it was stopped or killed meanwhile.`, {
        cause,
      });
    });
    const text = await answer.text();
    const content: unknown = text === "" ? undefined : JSON.parse(text);
    if (answer.ok) return content;
    const refusal = z.object({ message: z.string() }).safeParse(content);
    throw new SandboxError(
      refusal.success ? refusal.data.message : `${method} ${url}: status ${answer.status}`,
      {
        usage: answer.status === 422,
      },
    );
  }
}
