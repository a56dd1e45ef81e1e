import { XMLBuilder, XMLParser, XMLValidator } from "fast-xml-parser";
import { S3Error } from "./errors.ts";

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";
const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  suppressEmptyNode: true,
});
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  removeNSPrefix: true,
  trimValues: false,
  processEntities: true,
});

/** What an element holds: text, or elements by name; an array stands for one element per entry. */
export type XmlContent =
  | string
  | number
  | boolean
  | XmlContent[]
  | { readonly [name: string]: XmlContent | undefined };

/** The element `root` with S3's namespace, as a document. */
export function renderXml(
  root: string,
  content: { readonly [name: string]: XmlContent | undefined },
): string {
  const document = { [root]: { "@xmlns": namespace, ...content } };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(document)}`;
}

/** An element that was read: asks for its children without ever trusting that they are there. */
export class XmlElement {
  readonly #value: unknown;
  readonly #path: string;

  constructor(value: unknown, path: string) {
    this.#value = value;
    this.#path = path;
  }

  /** Every child element of that name. */
  all(name: string): XmlElement[] {
    const child = this.#child(name);
    if (child === undefined) return [];
    const children = Array.isArray(child) ? child : [child];
    return children.map((value) => new XmlElement(value, `${this.#path}/${name}`));
  }

  /** The first child element of that name, if there is one. */
  first(name: string): XmlElement | undefined {
    return this.all(name)[0];
  }

  /** The names of the child elements. */
  names(): string[] {
    return typeof this.#value === "object" && this.#value !== null
      ? Object.keys(this.#value).filter((name) => !name.startsWith("#"))
      : [];
  }

  /** The text of this element, trimmed. */
  text(): string {
    return typeof this.#value === "string" ? this.#value.trim() : "";
  }

  /** The text of this element to the last space, for keys and prefixes. */
  rawText(): string {
    return typeof this.#value === "string" ? this.#value : "";
  }

  /** The text of a child, or undefined where there is no such child. */
  textOf(name: string): string | undefined {
    return this.first(name)?.text();
  }

  /** The texts of all children of that name. */
  textsOf(name: string): string[] {
    return this.all(name).map((element) => element.text());
  }

  /** The text of a child that must be there. @throws S3Error MalformedXML */
  require(name: string): string {
    const text = this.textOf(name);
    if (text === undefined || text === "") throw malformed(`${this.#path}/${name} is missing`);
    return text;
  }

  /** A whole number of at least `minimum` in a child, or undefined. @throws S3Error MalformedXML */
  integerOf(name: string, minimum: number): number | undefined {
    const text = this.textOf(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,15}$/.test(text) || Number(text) < minimum) {
      throw malformed(`${this.#path}/${name} is "${text}", not a whole number of at least ${minimum}`);
    }
    return Number(text);
  }

  #child(name: string): unknown {
    if (typeof this.#value !== "object" || this.#value === null) return undefined;
    return Object.entries(this.#value).find(([key]) => key === name)?.[1];
  }
}

/** Reads a document whose outermost element must be `root`. @throws S3Error MalformedXML */
export function parseXml(text: string, root: string): XmlElement {
  if (XMLValidator.validate(text) !== true) throw malformed("it is not well-formed");
  // No client needs one, and entities of its own could be made to grow.
  if (/<!DOCTYPE/i.test(text)) throw malformed("it has a document type");
  const document = new XmlElement(parse(text), "");
  const element = document.first(root);
  if (element === undefined) throw malformed(`its outermost element is not ${root}`);
  return element;
}

/** What the parser refuses is the client's fault: elements nested too deep, names that mean something to JavaScript. */
function parse(text: string): unknown {
  try {
    return parser.parse(text);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error));
  }
}

function malformed(problem: string): S3Error {
  return new S3Error(
    "MalformedXML",
    `The XML you provided was not well-formed or did not validate against our published schema: ${problem}.`,
  );
}
