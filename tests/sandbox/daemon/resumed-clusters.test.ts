import { expect, it } from "vitest";
import { clustersResumed } from "../../../sandbox/daemon/resumed-clusters.ts";

const cluster = (name: string, status: string) => ({ id: name, name, status, podServers: [] });
const store = (status: string) => ({
  id: "db",
  name: "db",
  status,
  engine: "pg",
  address: "",
  processes: [],
});

it("waits until no cluster is being started, one that cannot be included, and says once what it waits for", async () => {
  const answers = [
    [cluster("a", "provisioning"), cluster("b", "provisioning")],
    [cluster("a", "provisioning"), cluster("b", "error")],
    [cluster("a", "provisioning"), cluster("b", "error")],
    [cluster("a", "running"), cluster("b", "error")],
    [cluster("a", "running"), cluster("b", "error")],
  ];
  const stores = [
    store("starting"),
    store("creating"),
    store("starting"),
    store("starting"),
    store("running"),
  ];
  const lines: string[] = [];
  const status = async () => ({
    pid: 1,
    memoryMib: 1,
    clusters: answers.shift() ?? [],
    stores: [stores.shift() ?? store("running")],
    absentEngines: [],
  });
  await clustersResumed({ status }, (line) => lines.push(line));
  expect(answers).toEqual([]);
  expect(lines).toEqual(["Starting a, b, db again", "Starting a, db again", "Starting db again"]);
});
