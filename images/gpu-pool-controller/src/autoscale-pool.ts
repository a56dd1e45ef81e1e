import { z } from "zod";
import { ApiError, type DigitalOcean } from "./digitalocean.ts";

/** A pool as DigitalOcean has it. */
export interface PoolState {
  /** Members that it is told to have. */
  readonly target: number;
  /** Members that are up. */
  readonly active: number;
  readonly createdMs: number;
}

const template = z.looseObject({ user_data: z.string().min(1) });

const poolReply = z.object({
  autoscale_pool: z.object({
    name: z.string(),
    config: z.object({ target_number_instances: z.number().int() }),
    droplet_template: z.looseObject({}),
    created_at: z.string(),
    active_resources_count: z.number().int(),
  }),
});

const membersReply = z.object({ droplets: z.array(z.object({ droplet_id: z.number().int() })) });

const dropletReply = z.object({
  droplet: z.object({
    name: z.string(),
    networks: z.object({ v4: z.array(z.object({ type: z.string(), ip_address: z.string() })) }),
  }),
});

/** A member as whoever collects its metrics wants it. */
export interface Member {
  readonly name: string;
  readonly privateAddress: string;
}

/** An autoscale pool with a static target, over DigitalOcean's API. */
export class AutoscalePool {
  readonly #api: DigitalOcean;
  readonly #id: string;
  readonly #members = new Map<number, Member>();

  constructor(api: DigitalOcean, id: string) {
    this.#api = api;
    this.#id = id;
  }

  async read(): Promise<PoolState> {
    const { autoscale_pool: pool } = await this.#pool();
    return {
      target: pool.config.target_number_instances,
      active: pool.active_resources_count,
      createdMs: Date.parse(pool.created_at),
    };
  }

  /**
   * Sets the number of members. The API takes a pool as a whole, so that it is read and sent back with that one change.
   */
  async resize(target: number): Promise<void> {
    const { autoscale_pool: pool } = await this.#pool();
    if (!template.safeParse(pool.droplet_template).success) {
      throw new ApiError(
        "the pool's template comes without user data: to send it back would make members that do nothing",
      );
    }
    await this.#api.call("PUT", this.#path(), {
      name: pool.name,
      config: { target_number_instances: target },
      droplet_template: pool.droplet_template,
    });
  }

  /** The members and their addresses inside the VPC; one that has none yet is left out. */
  async members(): Promise<Member[]> {
    const ids = await this.memberIds();
    for (const known of this.#members.keys()) if (!ids.includes(known)) this.#members.delete(known);
    const members = await Promise.all(ids.map((id) => this.#member(id)));
    return members.filter((member) => member !== undefined);
  }

  /** Droplets that the pool has now. */
  async memberIds(): Promise<number[]> {
    const { droplets } = membersReply.parse(
      await this.#api.call("GET", `${this.#path()}/members?per_page=200`),
    );
    return droplets.map(({ droplet_id }) => droplet_id);
  }

  async #member(id: number): Promise<Member | undefined> {
    const known = this.#members.get(id);
    if (known) return known;
    const { droplet } = dropletReply.parse(await this.#api.call("GET", `/v2/droplets/${id}`));
    const address = droplet.networks.v4.find(({ type }) => type === "private")?.ip_address;
    if (address === undefined) return undefined;
    const member = { name: droplet.name, privateAddress: address };
    this.#members.set(id, member);
    return member;
  }

  #path(): string {
    return `/v2/droplets/autoscale/${this.#id}`;
  }

  async #pool() {
    const reply = poolReply.safeParse(await this.#api.call("GET", this.#path()));
    if (!reply.success) throw new ApiError(`the pool is not as expected: ${z.prettifyError(reply.error)}`);
    return reply.data;
  }
}
