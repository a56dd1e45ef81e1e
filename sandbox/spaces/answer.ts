import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { S3Error } from "./errors.ts";
import type { S3Response } from "./operations/operation.ts";
import { renderXml } from "./xml.ts";

/** The answer to one request: sent once, and told to a recording. */
export class Answer {
  readonly #response: ServerResponse;
  readonly #requestId: string;
  readonly #isHead: boolean;
  #summary: string | undefined;

  /** @param isHead whether the request is a HEAD, whose answer has no body */
  constructor(response: ServerResponse, requestId: string, isHead: boolean) {
    this.#response = response;
    this.#requestId = requestId;
    this.#isHead = isHead;
    response.setHeader("x-amz-request-id", requestId);
  }

  /** What was sent, for a recording: a document as text, else how many bytes; undefined when there were none. */
  get summary(): string | undefined {
    return this.#summary;
  }

  /** Sends it, to its last byte. */
  async send({ status, headers, body }: S3Response): Promise<void> {
    this.#setHeaders(headers ?? {});
    this.#response.statusCode = status ?? 200;
    if (this.#isHead || body === undefined) {
      this.#response.end();
    } else if (typeof body === "string") {
      this.#end(body);
    } else {
      this.#summary = `[${headers?.["content-length"] ?? "?"} bytes]`;
      await pipeline(Readable.from(body, { objectMode: false }), this.#response);
    }
  }

  /** Sends what CORS allows the browser to do, and nothing else. @throws S3Error AccessDenied where that is nothing */
  sendPreflight(headers: Readonly<Record<string, string>>): void {
    if (headers["access-control-allow-origin"] === undefined) {
      throw new S3Error(
        "AccessDenied",
        "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
      );
    }
    this.#response.end();
  }

  /** Sends an injected fault. */
  sendFault(status: number): void {
    this.#response.statusCode = status;
    this.#sendErrorDocument({
      Code: "InjectedFault",
      Message: "This answer is a fault injected by the sandbox.",
    });
  }

  /** Sends an error; cuts the connection where the answer has begun already. */
  sendError({ code, message, status, headers, details }: S3Error): void {
    if (this.#response.headersSent) {
      this.#response.destroy();
      return;
    }
    this.#setHeaders(headers);
    this.#response.statusCode = status;
    if (this.#isHead || status === 304) this.#response.end();
    else this.#sendErrorDocument({ Code: code, Message: message, ...details });
  }

  #sendErrorDocument(content: Readonly<Record<string, string>>): void {
    this.#response.setHeader("content-type", "application/xml");
    this.#end(renderXml("Error", { ...content, RequestId: this.#requestId }));
  }

  #setHeaders(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) this.#response.setHeader(name, value);
  }

  #end(document: string): void {
    this.#summary = document;
    this.#response.setHeader("content-length", Buffer.byteLength(document));
    this.#response.end(document);
  }
}
