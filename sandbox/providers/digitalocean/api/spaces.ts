import type { S3Client } from "@aws-sdk/client-s3";

/** Where Spaces is, and with which key to ask it. */
export interface SpacesOptions {
  /** An endpoint that serves every region in path style. */
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How often a request is sent at most; the SDK repeats what fails by chance, with backoff. */
const ATTEMPTS = 10;

/** One account's object storage: a client a region, made when first asked for. */
export class Spaces {
  readonly #options: SpacesOptions;
  readonly #clients = new Map<string, S3Client>();

  constructor(options: SpacesOptions) {
    this.#options = options;
  }

  /** The client of a region. The SDK is loaded with the first: a stack without buckets never pays for it. */
  async client(region: string): Promise<S3Client> {
    const known = this.#clients.get(region);
    if (known !== undefined) return known;
    const { S3Client: Client } = await import("@aws-sdk/client-s3");
    const client = new Client({
      region,
      endpoint: this.#options.endpoint,
      forcePathStyle: true,
      maxAttempts: ATTEMPTS,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      credentials: {
        accessKeyId: this.#options.accessKeyId,
        secretAccessKey: this.#options.secretAccessKey,
      },
    });
    this.#clients.set(region, client);
    return client;
  }

  /** Lets the connections go. */
  close(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }
}
