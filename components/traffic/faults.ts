import type { ArgumentChecks } from "../errors.ts";
import type { Party } from "./declaration.ts";

/**
 * Checks that the declarations fit together: whoever is called is there and listens, names are unique, and the
 * outside reaches pods through a load balancer alone. Paths are `<party>.calls[0]`, `<party>.listens.<port>`, ...
 *
 * @param namespaces Short names of the namespaces that there are.
 */
export function checkParties(
  checks: ArgumentChecks,
  parties: readonly Party[],
  namespaces: readonly string[],
): void {
  // Of two with one name the first is meant: the second is the fault.
  const known = new Map(parties.toReversed().map((party) => [party.name, party]));
  for (const [index, party] of parties.entries()) {
    if (known.get(party.name) !== party) {
      const problem = `is declared again as number ${index + 1} of the parties: rules could not tell the two apart`;
      checks.add(party.name, problem, "Give each party a name of its own.");
    }
    checkPlace(checks, party, namespaces);
    checkListeners(checks, party, known);
    checkCalls(checks, party, known);
  }
}

function checkPlace(checks: ArgumentChecks, { name, place }: Party, namespaces: readonly string[]): void {
  if (place.kind !== "pods" || namespaces.includes(place.namespace)) return;
  checks.add(
    `${name}.place.namespace`,
    `is "${place.namespace}", a namespace that the environment does not name`,
    `Use one of ${namespaces.join(", ")}, or add it to namespacesOf in stacks/traffic.ts.`,
  );
}

function checkListeners(checks: ArgumentChecks, party: Party, known: ReadonlyMap<string, Party>): void {
  for (const [port, listener] of Object.entries(party.listens)) {
    const path = `${party.name}.listens.${port}`;
    checks.range(path, listener.port, 1, 65_535);
    for (const [index, { who }] of (listener.openTo ?? []).entries()) {
      const here = `${path}.openTo[${index}]`;
      if (known.get(who.name) !== who) {
        checks.add(here, `is ${who.name}, who is not in the plan`, "Add that party to the plan.");
      }
      if (who.place.kind !== "outside") {
        const remedy = `Write it into the calls of ${who.name}: who is inside says himself whom he calls.`;
        checks.add(here, `is ${who.name}, who is not outside`, remedy);
      } else if (party.place.kind === "pods") {
        const problem = `is ${who.name}, and pods are not opened to it: the edge would be passed by`;
        checks.add(here, problem, "Let the edge forward to the pods.");
      } else if (party.place.kind === "database" && who.place.addresses !== "operators") {
        const problem = `is ${who.name}, to whom a database's password would be all that is in the way`;
        checks.add(here, problem, "Open it to operators, or put something of ours before it.");
      }
    }
  }
}

function checkCalls(checks: ArgumentChecks, { name, calls }: Party, known: ReadonlyMap<string, Party>): void {
  for (const [index, { to }] of calls.entries()) {
    const path = `${name}.calls[${index}]`;
    const called = known.get(to.party);
    if (!called) {
      checks.add(path, `is to ${to.party}, who is not in the plan`, "Add that party to the plan.");
    } else if (!listensOn(called, to)) {
      const problem = `is to ${to.protocol} ${to.port} of ${to.party}, who does not listen there`;
      checks.add(
        path,
        problem,
        `Call one of ${Object.keys(called.at).join(", ") || "its ports, once it has one"}.`,
      );
    }
  }
}

function listensOn({ at }: Party, { protocol, port }: Party["at"][string]): boolean {
  return Object.values(at).some((endpoint) => endpoint.protocol === protocol && endpoint.port === port);
}
