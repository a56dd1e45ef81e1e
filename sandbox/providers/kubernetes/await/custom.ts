import { ProviderError } from "../../kit/errors.ts";
import type { PlainValue } from "../../kit/values.ts";
import { annotationOf } from "../objects/annotations.ts";
import { isMap, type PlainMap, textAt, valueAt } from "../objects/object.ts";
import { conditionOf, conditionText, type Judge, waitingFor } from "./readiness.ts";

/** One thing to wait for: what is missing of it, or nothing. */
type Demand = (object: PlainMap) => string[];

/**
 * The judge that the annotation `pulumi.com/waitFor` asks for; undefined when it is not there. Throws `ProviderError` when
 * it is not of the form `jsonpath=...`, `condition=...` or a JSON list of those.
 */
export function customJudge(object: PlainMap): Judge | undefined {
  const text = annotationOf(object, "waitFor");
  if (text === "") return undefined;
  const demands = expressions(text).map(parseDemand);
  return (live) => waitingFor(demands.flatMap((demand) => demand(live)));
}

function expressions(text: string): string[] {
  if (!text.trimStart().startsWith("[")) return [text];
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.length > 0 && list.every((each) => typeof each === "string")) return list;
  } catch {
    // What is wrong with it is said below.
  }
  throw invalid(text, "a JSON list of at least one expression");
}

function parseDemand(expression: string): Demand {
  const condition = /^condition=([^=]+)(?:=(.+))?$/i.exec(expression);
  if (condition !== null) return demandCondition(condition[1] ?? "", condition[2] ?? "True");
  const path = /^jsonpath=['"]?\{?(\.[^}]*?)\}?['"]?(?:=['"]?([^'"]*)['"]?)?$/.exec(expression);
  if (path !== null) return demandPath(path[1] ?? "", path[2]);
  throw invalid(expression, "`condition=<type>[=<status>]` or `jsonpath={.path}[=<value>]`");
}

function demandCondition(type: string, status: string): Demand {
  return (object) => {
    const condition = conditionOf(object, type);
    if (textAt(condition, "status").toLowerCase() === status.toLowerCase()) return [];
    return [
      `condition ${type} is ${textAt(condition, "status") || "missing"}, not ${status} ${conditionText(condition)}`.trim(),
    ];
  };
}

function demandPath(path: string, wanted: string | undefined): Demand {
  const steps = parsePath(path);
  return (object) => {
    const found = select(object, steps);
    if (wanted === undefined ? found.length > 0 : found.some((value) => asText(value) === wanted)) return [];
    const seen = found.length === 0 ? "missing" : found.map(asText).join(", ");
    return [wanted === undefined ? `${path} is missing` : `${path} is ${seen}, not ${wanted}`];
  };
}

/** A step of a JSONPath: a field or an index, every member, or the members of which a field has a value. */
type PathStep = { take: string | number } | { every: true } | { where: string[]; equals: string };

const STEP =
  /\.([A-Za-z_$][\w$-]*(?:\\\.[\w$-]+)*)|\[(\d+)\]|\[['"]([^'"]+)['"]\]|(\[\*\]|\.\*)|\[\?\(@((?:\.[\w-]+)+)\s*==\s*['"]?([^'")]*)['"]?\)\]/y;

function parsePath(path: string): PathStep[] {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const found = STEP.exec(path);
    if (found === null) throw invalid(path, 'a path of fields, indexes, [*] and [?(@.field=="value")]');
    const [, field, index, quoted, every, where, equals] = found;
    if (every !== undefined) steps.push({ every: true });
    else if (where !== undefined) steps.push({ where: where.slice(1).split("."), equals: equals ?? "" });
    else
      steps.push({
        take: index === undefined ? (field?.replaceAll("\\.", ".") ?? quoted ?? "") : Number(index),
      });
  }
  return steps;
}

function select(value: PlainValue, steps: readonly PathStep[]): PlainValue[] {
  const [step, ...rest] = steps;
  if (step === undefined) return [value];
  if ("take" in step) {
    const found = valueAt(value, step.take);
    return found === undefined ? [] : select(found, rest);
  }
  const members = Array.isArray(value) ? value : isMap(value) ? Object.values(value) : [];
  const chosen =
    "every" in step
      ? members
      : members.filter((member) => asText(valueAt(member, ...step.where)) === step.equals);
  return chosen.flatMap((member) => select(member, rest));
}

function asText(value: PlainValue | undefined): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function invalid(expression: string, form: string): ProviderError {
  return new ProviderError(
    `the annotation pulumi.com/waitFor is ${JSON.stringify(expression)}; it must be ${form}`,
  );
}
