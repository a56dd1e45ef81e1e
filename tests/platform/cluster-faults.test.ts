import { expect, it } from "vitest";
import { tellClusterFaults } from "../../platform/environment/cluster-faults.ts";

it("tells which clusters cannot be started, and why, and nothing of the others", async () => {
  const clusters = [
    { id: "a", name: "a", status: "running", podServers: [] },
    { id: "b", name: "b", status: "error", message: "Port 4711 is taken.", podServers: [] },
    { id: "c", name: "c", status: "provisioning", podServers: [] },
  ];
  const stores = [
    {
      id: "d",
      name: "d",
      status: "error",
      message: "No disk.",
      engine: "pg",
      address: "127.64.0.1:25060",
      processes: [],
    },
  ];
  const lines: string[] = [];
  const status = async () => ({ pid: 1, memoryMib: 1, clusters, stores, absentEngines: [] });
  await tellClusterFaults({ status }, (line) => lines.push(line));
  expect(lines).toEqual([
    "The cluster b does not run. Port 4711 is taken.",
    "The cluster d does not run. No disk.",
  ]);
});
