import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { containerImages } from "../../catalog/images.ts";
import { imageReference } from "../image-reference.ts";
import { fingerprint } from "../kubernetes-values.ts";
import type { NamespacePlacement } from "../namespace/placement.ts";
import type { Ownership } from "../ownership.ts";
import type { PodTraffic } from "../traffic/network-policy.ts";
import { placeOf } from "../workload/place.ts";
import type { Resources } from "../workload/pod.ts";
import { createTask } from "../workload/task.ts";
import { certificateFiles } from "./configuration.ts";
import type { SetUpRequest } from "./set-up-requests.ts";
import { setUpTrafficName } from "./traffic.ts";

/** What {@link createSetUp} is told. */
interface SetUp {
  readonly ownership: Ownership;
  readonly namespace: NamespacePlacement;
  /** Where Elasticsearch answers. @example "https://elasticsearch.logs.svc.cluster.local:9200" */
  readonly elasticsearch: string;
  /** Where Kibana answers, and what it is given: lines of JSON, as it writes them itself. */
  readonly kibana: { readonly url: string; readonly views: string };
  /** What Elasticsearch is asked, in this order. */
  readonly requests: pulumi.Output<SetUpRequest[]>;
  /** Secrets by name: the one with the file `netrc`, and the certificates. */
  readonly users: string;
  readonly certificates: string;
  readonly traffic: PodTraffic;
}

/** What the set-up is promised and allowed. */
export const setUpResources: Resources = { cpu: "50m", cpuLimit: "500m", memory: "128Mi" };

const folders = { requests: "/requests", secrets: "/secrets", certificates: "/certificates" } as const;

/** How long Elasticsearch and Kibana may take to answer at all, before the set-up has failed. */
const deadlineSeconds = 900;

/**
 * What the set-up runs: the password is in a file that curl reads, and in no argument. A request that is refused ends it with
 * what was answered.
 */
function script({ elasticsearch, kibana }: Pick<SetUp, "elasticsearch" | "kibana">): string {
  const call = "curl --silent --show-error --fail-with-body --max-time 60";
  return [
    "set -eu",
    `ask() { ${call} --netrc-file ${folders.secrets}/netrc --cacert ${folders.certificates}/${certificateFiles.authority} "$@"; }`,
    `until ask --output /dev/null '${elasticsearch}/_cluster/health?wait_for_status=yellow&timeout=30s'; do sleep 5; done`,
    // A line of the list is a path; its number is the name of its body.
    "number=0",
    "while read -r path; do",
    '  echo "PUT $path"',
    `  ask --request PUT --header 'Content-Type: application/json' --data "@${folders.requests}/$number.json" "${elasticsearch}/$path"`,
    "  echo",
    "  number=$((number + 1))",
    `done < ${folders.requests}/paths`,
    `until ask --output /dev/null '${kibana.url}/api/status'; do sleep 5; done`,
    `ask --request POST --header 'kbn-xsrf: set-up' --form file=@${folders.requests}/views.ndjson '${kibana.url}/api/saved_objects/_import?overwrite=true'`,
  ].join("\n");
}

/**
 * Sets Elasticsearch and Kibana up, once for each change of how: lifecycle, pipeline, template, snapshots, views. An `up`
 * waits for it.
 */
export function createSetUp(name: string, args: SetUp, parent: pulumi.Resource): void {
  const { ownership, namespace, requests, users, certificates, traffic } = args;
  const { metadata, options } = placeOf(name, setUpTrafficName, args, parent);
  const data = requests.apply((all) => ({
    paths: all.map(({ path }) => `${path}\n`).join(""),
    ...Object.fromEntries(all.map(({ body }, index) => [`${index}.json`, JSON.stringify(body)])),
    "views.ndjson": args.kibana.views,
    "set-up.sh": script(args),
  }));
  const map = new kubernetes.core.v1.ConfigMap(`${name}-requests`, { metadata, data }, options);
  createTask(
    name,
    {
      ownership,
      component: setUpTrafficName,
      namespace: { ...namespace, guards: [...namespace.guards, map] },
      pod: {
        volumes: [
          { name: "requests", configMap: { name } },
          {
            name: "secrets",
            secret: { secretName: users, defaultMode: 0o440, items: [{ key: "netrc", path: "netrc" }] },
          },
          {
            name: "certificates",
            secret: {
              secretName: certificates,
              defaultMode: 0o440,
              items: [{ key: certificateFiles.authority, path: certificateFiles.authority }],
            },
          },
        ],
        containers: [
          {
            name: "set-up",
            // It has curl, and is on the nodes anyway.
            image: imageReference(containerImages.elasticsearch),
            command: ["bash", `${folders.requests}/set-up.sh`],
            resources: setUpResources,
            mounts: {
              requests: { path: folders.requests, readOnly: true },
              secrets: { path: folders.secrets, readOnly: true },
              certificates: { path: folders.certificates, readOnly: true },
            },
          },
        ],
      },
      podAnnotations: {
        "whisper.platform/set-up": fingerprint({ requests: data.apply((files) => JSON.stringify(files)) }),
      },
      traffic,
      deadlineSeconds,
    },
    parent,
  );
}
