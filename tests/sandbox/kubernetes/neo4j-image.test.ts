import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { serverConfiguration } from "../../../components/neo4j/configuration.ts";
import { hostConfiguration } from "../../../sandbox/kubernetes/neo4j/configuration.ts";
import {
  environmentOf,
  imageStart,
  isCommunity,
  neo4jContainer,
} from "../../../sandbox/kubernetes/neo4j/image.ts";

const container = {
  name: "neo4j",
  image: "neo4j:5.26.12-community",
  env: [
    { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    { name: "NEO4J_AUTH_PATH", value: "/secrets/NEO4J_AUTH" },
    { name: "NEO4J_server_default__advertised__address", value: "$(POD_NAME).graph.example" },
    { name: "UNKNOWN", value: "$(NOBODY)" },
  ],
};
const pod: V1Pod = { metadata: { name: "graph-0" }, spec: { containers: [container] } };

describe("the image", () => {
  it("is found by its name, and its edition by its tag", () => {
    expect(neo4jContainer(pod)).toBe(container);
    expect(
      neo4jContainer({ spec: { containers: [{ name: "a", image: "example.org/neo4j:5" }] } }),
    ).toBeUndefined();
    expect(isCommunity("neo4j:5.26.12-community", "5.26.12")).toBe(true);
    expect(isCommunity(`docker.io/library/neo4j:5.26.12@sha256:${"0".repeat(64)}`, "5.26.12")).toBe(true);
    expect(isCommunity("neo4j:5.26.12-enterprise", "5.26.12")).toBe(false);
    expect(isCommunity("neo4j:5.26.13-community", "5.26.12")).toBe(false);
  });

  it("has its variables as Kubernetes gives them: fields of the pod, and other variables by name", () => {
    const environment = environmentOf(pod, container);
    expect(environment.get("POD_NAME")).toBe("graph-0");
    expect(environment.get("NEO4J_server_default__advertised__address")).toBe("graph-0.graph.example");
    expect(environment.get("UNKNOWN")).toBe("$(NOBODY)");
  });

  it("makes settings of file and variables, of which the latter count, and the first password of a file", () => {
    const files = new Map([
      [
        "/conf/neo4j.conf",
        "# a comment\nserver.http.enabled=false\nserver.default_advertised_address=other\n",
      ],
      ["/secrets/NEO4J_AUTH", "neo4j/with/a/slash\n"],
    ]);
    const { settings, firstCredentials } = imageStart(environmentOf(pod, container), files);
    expect(Object.fromEntries(settings)).toEqual({
      "server.http.enabled": "false",
      "server.default_advertised_address": "graph-0.graph.example",
    });
    expect(firstCredentials).toEqual({ user: "neo4j", password: "with/a/slash" });
  });

  it("refuses a password that is not as it wants it, without repeating it", () => {
    const start = () => imageStart(new Map([["NEO4J_AUTH", "hunter2"]]), new Map());
    expect(start).toThrow("is not `neo4j/<password>`");
    expect(start).not.toThrow("hunter2");
  });
});

it("is configured as the pod says but for address, folders and size, each setting once", () => {
  const text = serverConfiguration({
    edition: "community",
    memory: { heapMib: 4096, pageCacheMib: 4096 },
    members: ["graph-0"],
  });
  const { settings } = imageStart(new Map(), new Map([["/conf/neo4j.conf", text]]));
  const folders = new Map([
    ["/data", "/volumes/1/data"],
    ["/certificates", "/volumes/1/home/mounts/certificates"],
  ]);
  const lines = hostConfiguration(settings, { host: "127.0.0.9", home: "/volumes/1/home", folders })
    .trim()
    .split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "server.bolt.listen_address=127.0.0.9:7687",
      "server.bolt.tls_level=REQUIRED",
      "dbms.ssl.policy.bolt.base_directory=/volumes/1/home/mounts/certificates",
      "dbms.ssl.policy.bolt.trusted_dir=/volumes/1/home/mounts/certificates/trusted",
      "server.directories.data=/volumes/1/data",
      "server.directories.logs=/volumes/1/data/logs",
    ]),
  );
  expect(lines.join("\n")).not.toMatch(/0\.0\.0\.0|heap|jvm|4096m/);
  const names = lines.map((line) => line.split("=")[0]);
  expect(new Set(names).size).toBe(names.length);
});
