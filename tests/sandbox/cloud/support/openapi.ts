import { Ajv, type ValidateFunction } from "ajv";
import formats from "ajv-formats";
import { apiDescription, type Description, type Operation, type Response } from "./description.ts";

/** An answer to hold against the API's description. */
export interface Exchange {
  readonly method: string;
  /** Path, with or without query. */
  readonly url: string;
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}

const documentId = "https://openapi.test/digitalocean";
const pointer = (...steps: string[]): string =>
  `${documentId}#/${steps.map((step) => encodeURIComponent(step.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;

/** Holds answers against DigitalOcean's own description of its API. */
export class OpenApiChecker {
  readonly #description: Description;
  readonly #ajv: Ajv;
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #templates: { readonly template: string; readonly pattern: RegExp }[];

  constructor(description: Description) {
    this.#description = description;
    this.#ajv = new Ajv({
      strict: false,
      allErrors: true,
      validateSchema: false,
      logger: false,
      unicodeRegExp: false,
    });
    formats.default(this.#ajv);
    this.#ajv.addSchema({ ...description, $id: documentId });
    this.#templates = Object.keys(description.paths)
      .map((template) => ({
        template,
        pattern: new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`),
      }))
      // A literal path wins over one with parameters: /v2/droplets/actions before /v2/droplets/{droplet_id}.
      .sort((a, b) => parameters(a.template) - parameters(b.template));
  }

  /** What is wrong with the answer; empty when nothing is. */
  faultsOf(exchange: Exchange): string[] {
    const path = exchange.url.split("?", 1)[0] ?? "";
    const template = this.#templates.find(({ pattern }) => pattern.test(path))?.template;
    const operation = template === undefined ? undefined : this.operation(exchange.method, template);
    const label = `${exchange.method} ${path} -> ${exchange.status}`;
    if (template === undefined || operation === undefined) {
      return exchange.status === 404
        ? this.#errorFaults(exchange, label)
        : [`${label}: no such operation is described`];
    }
    // Refusals bear the one error body, whether or not this operation lists their status.
    if (exchange.status >= 400) return this.#errorFaults(exchange, label);
    const response = operation.responses[String(exchange.status)];
    if (response === undefined) {
      return [`${label}: the description has only ${Object.keys(operation.responses).join(", ")}`];
    }
    const steps = response.$ref?.slice(2).split("/") ?? [
      "paths",
      template,
      exchange.method.toLowerCase(),
      "responses",
      String(exchange.status),
    ];
    const described = this.#resolve(response);
    return [
      ...missingHeaders(described, exchange, label),
      ...this.#bodyFaults(described, steps, exchange, label),
    ];
  }

  /** The operation as it is described, its path spelt with the same parameters. */
  operation(method: string, template: string): Operation | undefined {
    return this.#description.paths[template]?.[method.toLowerCase()];
  }

  #resolve(response: Response): Response {
    const name = response.$ref?.split("/").at(-1);
    return name === undefined ? response : (this.#description.components.responses[name] ?? {});
  }

  #bodyFaults(described: Response, steps: string[], exchange: Exchange, label: string): string[] {
    if (described.content?.["application/json"]?.schema === undefined) {
      return exchange.body === undefined || described.content !== undefined
        ? []
        : [`${label}: no body is described, and there is one`];
    }
    return this.#validate(pointer(...steps, "content", "application/json", "schema"), exchange.body, label);
  }

  #errorFaults(exchange: Exchange, label: string): string[] {
    return this.#validate(pointer("components", "schemas", "error"), exchange.body, label);
  }

  #validate(reference: string, body: unknown, label: string): string[] {
    const validate = this.#validators.get(reference) ?? this.#ajv.compile({ $ref: reference });
    this.#validators.set(reference, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      (error) =>
        `${label}: ${error.instancePath || "body"} ${error.message ?? ""} ${JSON.stringify(error.params)}`,
    );
  }
}

const parameters = (template: string): number => template.split("{").length;

function missingHeaders(described: Response, exchange: Exchange, label: string): string[] {
  return Object.keys(described.headers ?? {})
    .filter((header) => header.startsWith("ratelimit-") && exchange.headers[header] === undefined)
    .map((header) => `${label}: the header ${header} is missing`);
}

let checker: OpenApiChecker | undefined;

/** The checker, or undefined where the reference data is absent. */
export function openApiChecker(): OpenApiChecker | undefined {
  const description = apiDescription();
  if (description !== undefined) checker ??= new OpenApiChecker(description);
  return checker;
}
