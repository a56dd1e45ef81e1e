import { beforeEach, describe, expect, it } from "vitest";
import { rules } from "../../policies/rules.ts";
import { baseline, bucketPolicy, type compliant, edgeAnnotation } from "./compliant.ts";
import { type Judged, judgedStack, ruleNamed, unknown, violationsOf } from "./harness.ts";

/** One way to break the baseline: the rule that must notice, the resource, the property and its new value. */
type Breach = readonly [rule: string, subject: keyof typeof compliant, path: PropertyPath, value: unknown];

/** Names with dots between them, or as a list where a name has dots of its own. */
type PropertyPath = string | readonly string[];

const pod = "spec.template.spec";
const container = `${pod}.containers.0`;
const breaches: readonly Breach[] = [
  ["refuse-open-ssh", "firewall", "inboundRules.0.sourceAddresses", ["0.0.0.0/0"]],
  ...["0.0.0.0", "::0/0", "0:0:0:0:0:0:0:0/0", "0.0.0.0/00", "0/0", "0.0.0.0/1", "2000::/3"].flatMap(
    (everybody): Breach[] => [
      ["refuse-open-ssh", "firewall", "inboundRules.0.sourceAddresses", ["203.0.113.7/32", everybody]],
      ["refuse-open-ingress", "firewall", "inboundRules.0.sourceAddresses", [everybody]],
      ["refuse-open-trusted-sources", "trustedSources", "rules.0", { type: "ip_addr", value: everybody }],
    ],
  ),
  [
    "refuse-open-ssh",
    "firewall",
    "inboundRules.0",
    { protocol: "tcp", portRange: "20-30", sourceAddresses: ["::/0"] },
  ],
  [
    "refuse-open-ssh",
    "firewall",
    "inboundRules.0",
    { protocol: "tcp", portRange: "all", sourceAddresses: ["::/0"] },
  ],
  [
    "refuse-open-ingress",
    "firewall",
    "inboundRules.0",
    { protocol: "udp", portRange: "53", sourceAddresses: ["::/0"] },
  ],
  ["refuse-open-control-plane", "cluster", "controlPlaneFirewall.allowedAddresses", []],
  ["refuse-open-control-plane", "cluster", "controlPlaneFirewall.allowedAddresses.0", "0.0.0.0/0"],
  ["require-control-plane-firewall", "cluster", "controlPlaneFirewall", undefined],
  ["require-control-plane-firewall", "cluster", "controlPlaneFirewall.enabled", false],
  ["require-ssh-keys", "droplet", "sshKeys", []],
  ["require-ssh-keys", "droplet", "sshKeys", undefined],
  ["require-droplet-backup", "droplet", "tags", []],
  ["refuse-open-trusted-sources", "trustedSources", "rules", []],
  ["refuse-open-trusted-sources", "trustedSources", "rules.0", { type: "ip_addr", value: "0.0.0.0/0" }],
  ["require-store-declaration", "postgres", "tags", []],
  ...[0, 1, 2, 3, 4].map(
    (index): Breach => ["require-store-declaration", "postgres", `tags.${index}`, "other:tag"],
  ),
  ["require-store-declaration", "postgres", "tags.1", "recovery-point:none"],
  ["require-store-declaration", "postgres", "tags.2", "recovery-time:soon"],
  ["require-store-declaration", "postgres", "tags.3", "backup:none"],
  ["require-store-declaration", "postgres", "engine", "valkey"],
  ["require-store-declaration", "valkey", "tags.1", "recovery-point:5m"],
  ["require-store-declaration", "media", "store", undefined],
  ["require-store-declaration", "media", "store.recovery.time", undefined],
  ["require-store-declaration", "media", "store.recovery.point", "1d"],
  ["require-store-declaration", "images", "store.recovery.point", "1d"],
  ["require-store-declaration", "claim", "metadata.labels", {}],
  ["require-store-declaration", "statefulSet", "spec.volumeClaimTemplates.0.metadata.labels", undefined],
  ["require-standby-node", "postgres", "nodeCount", 1],
  ["require-private-buckets", "bucket", "acl", "public-read"],
  ["require-private-buckets", "bucketObject", "acl", "public-read"],
  ...[
    { Principal: "*" },
    { Principal: { AWS: ["arn:aws:iam:::user/DO1", "*"] } },
    { NotPrincipal: { AWS: "arn:aws:iam:::user/DO1" } },
    { Principal: "*", Condition: { IpAddress: { "aws:SourceIp": ["203.0.113.0/24", "::/0"] } } },
    { Principal: "*", Condition: { Bool: { "aws:SecureTransport": "true" } } },
  ].map(
    (statement): Breach => [
      "refuse-public-bucket-policies",
      "bucketPolicy",
      "policy",
      bucketPolicy({ Effect: "Allow", ...statement }),
    ],
  ),
  [
    "refuse-public-bucket-policies",
    "bucketPolicy",
    "policy",
    JSON.stringify({ Statement: { Effect: "Allow", Principal: "*" } }),
  ],
  ["refuse-public-bucket-policies", "bucketPolicy", "policy", "{"],
  ["require-versioned-buckets", "bucket", "versioning", undefined],
  ["require-bucket-lifecycle", "bucket", "lifecycleRules", []],
  ["require-bucket-lifecycle", "bucket", "lifecycleRules.0.enabled", false],
  ["refuse-full-access-keys", "key", "grants.0.permission", "fullaccess"],
  ["refuse-full-access-keys", "key", "grants", []],
  ["require-cluster-upgrades", "cluster", "autoUpgrade", false],
  ["require-cluster-upgrades", "cluster", "surgeUpgrade", false],
  ["require-cluster-upgrades", "cluster", "maintenancePolicy", undefined],
  ["require-ha-control-plane", "cluster", "ha", undefined],
  ["require-https", "loadBalancer", "redirectHttpToHttps", false],
  ["require-https", "loadBalancer", "forwardingRules.0.entryProtocol", "tcp"],
  ["require-pod-security", "namespace", "metadata.labels", {}],
  [
    "require-pod-security",
    "namespace",
    "metadata.labels",
    { "pod-security.kubernetes.io/enforce": "privileged" },
  ],
  ["refuse-privileged-containers", "deployment", `${container}.securityContext.privileged`, true],
  [
    "refuse-privilege-escalation",
    "deployment",
    `${container}.securityContext.allowPrivilegeEscalation`,
    undefined,
  ],
  ...["hostNetwork", "hostPID", "hostIPC"].map(
    (namespace): Breach => ["refuse-host-namespaces", "deployment", `${pod}.${namespace}`, true],
  ),
  ["refuse-host-paths", "deployment", `${pod}.volumes.0`, { name: "root", hostPath: { path: "/" } }],
  ["refuse-restricted-volumes", "deployment", `${pod}.volumes.0`, { name: "root", hostPath: { path: "/" } }],
  ["refuse-restricted-volumes", "deployment", `${pod}.volumes.0`, { name: "far", nfs: { server: "a" } }],
  ["refuse-host-ports", "deployment", `${container}.ports.0.hostPort`, 80],
  [
    "refuse-host-processes",
    "deployment",
    `${container}.securityContext.windowsOptions`,
    { hostProcess: true },
  ],
  ["refuse-probe-hosts", "deployment", `${container}.livenessProbe.httpGet.host`, "203.0.113.7"],
  [
    "refuse-probe-hosts",
    "deployment",
    `${container}.lifecycle`,
    { preStop: { httpGet: { host: "203.0.113.7", port: 80 } } },
  ],
  ["refuse-selinux-options", "deployment", `${pod}.securityContext.seLinuxOptions`, { type: "spc_t" }],
  ["refuse-selinux-options", "deployment", `${container}.securityContext.seLinuxOptions`, { user: "root" }],
  [
    "refuse-unconfined-apparmor",
    "deployment",
    `${pod}.securityContext.appArmorProfile`,
    { type: "Unconfined" },
  ],
  [
    "refuse-unconfined-apparmor",
    "deployment",
    "spec.template.metadata.annotations",
    { "container.apparmor.security.beta.kubernetes.io/api": "unconfined" },
  ],
  ["refuse-unmasked-proc", "deployment", `${container}.securityContext.procMount`, "Unmasked"],
  [
    "refuse-unsafe-sysctls",
    "deployment",
    `${pod}.securityContext.sysctls`,
    [{ name: "kernel.msgmax", value: "1" }],
  ],
  ["require-non-root", "deployment", `${pod}.securityContext.runAsNonRoot`, undefined],
  ["require-non-root", "deployment", `${pod}.securityContext.runAsNonRoot`, false],
  ["require-non-root", "deployment", `${container}.securityContext.runAsUser`, 0],
  ["require-non-root", "deployment", `${pod}.securityContext.runAsUser`, 0],
  ["require-seccomp-profile", "deployment", `${pod}.securityContext.seccompProfile`, undefined],
  ["require-seccomp-profile", "deployment", `${pod}.securityContext.seccompProfile.type`, "Unconfined"],
  [
    "require-dropped-capabilities",
    "deployment",
    `${container}.securityContext.capabilities.drop`,
    ["NET_RAW"],
  ],
  [
    "require-dropped-capabilities",
    "deployment",
    `${container}.securityContext.capabilities.add`,
    ["SYS_ADMIN"],
  ],
  ["require-read-only-root", "deployment", `${container}.securityContext.readOnlyRootFilesystem`, false],
  ["require-resource-limits", "deployment", `${container}.resources.limits`, undefined],
  ["require-resource-limits", "deployment", `${container}.resources.requests.cpu`, undefined],
  ["require-priority", "deployment", `${pod}.priorityClassName`, undefined],
  ["require-priority", "deployment", `${pod}.priorityClassName`, "system-node-critical"],
  ["require-probes", "deployment", `${container}.readinessProbe`, undefined],
  ["require-probes", "deployment", `${container}.livenessProbe`, undefined],
  ["require-pinned-images", "deployment", `${container}.image`, "nginx"],
  ["require-pinned-images", "deployment", `${container}.image`, "localhost:5000/nginx:latest"],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "PASSWORD", value: "hunter2" }],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "DATABASE_URL", value: unknown }],
  ["refuse-plain-secrets", "deployment", `${container}.env.0`, { name: "S3_ACCESS_KEY_ID", value: "a" }],
  ["refuse-idle-tokens", "deployment", `${pod}.automountServiceAccountToken`, undefined],
  ["refuse-node-ports", "service", "spec.type", "NodePort"],
  ["refuse-node-ports", "service", "spec.externalIPs", ["203.0.113.7"]],
  ["require-encrypted-edge", "service", "metadata.annotations", {}],
  ...Object.entries({
    // Without a type, or with the network's, packets are passed on.
    type: undefined,
    "certificate-name": undefined,
    "redirect-http-to-https": "false",
    // A stream on port 80 is not redirected, and with other ports named 443 is a stream too.
    "http-ports": undefined,
    "tls-ports": "8443",
  }).map(
    ([name, value]): Breach => [
      "require-encrypted-edge",
      "service",
      ["metadata", "annotations", `${edgeAnnotation}${name}`],
      value,
    ],
  ),
  ["require-encrypted-edge", "service", "spec.ports.0.port", 8080],
  [
    "require-encrypted-edge",
    "service",
    "metadata.annotations",
    { [`${edgeAnnotation}tls-passthrough`]: "false" },
  ],
  ["refuse-host-paths", "nodeAgent", `${pod}.volumes.0.hostPath.path`, "/root"],
  ["refuse-host-paths", "nodeAgent", `${container}.volumeMounts.0.readOnly`, undefined],
  // Writable, but another agent's own.
  ["refuse-host-paths", "nodeAgent", `${pod}.volumes.0.hostPath.path`, "/var/lib/whisper-log-shipping"],
  ["refuse-host-namespaces", "nodeAgent", `${pod}.hostPID`, true],
  ["refuse-host-paths", "nodeAgent", ["metadata", "labels", "app.kubernetes.io/name"], "another"],
  ["refuse-host-paths", "nodeAgent", "metadata.namespace", "whisper-production-application"],
  ["refuse-privileged-containers", "nodeAgent", `${container}.securityContext.privileged`, true],
  [
    "require-dropped-capabilities",
    "nodeAgent",
    `${container}.securityContext.capabilities.add.0`,
    "SYS_ADMIN",
  ],
  ["require-non-root", "nodeAgent", ["metadata", "labels", "app.kubernetes.io/name"], "another"],
  [
    "refuse-strangers-among-node-agents",
    "nodeAgent",
    ["metadata", "labels", "app.kubernetes.io/name"],
    "toString",
  ],
  [
    "refuse-strangers-among-node-agents",
    "deployment",
    "metadata.namespace",
    "whisper-production-node-agents",
  ],
  ["require-pod-security", "nodeAgentsNamespace", "metadata.name", "whisper-production-application"],
  ["require-pod-security", "nodeAgentsNamespace", ["metadata", "labels", "app.kubernetes.io/name"], "api"],
  ["refuse-wildcard-roles", "role", "rules.0.verbs", ["*"]],
  ["require-ownership", "droplet", "tags", ["stateless"]],
  ["require-ownership", "droplet", "tags", undefined],
  ["require-ownership", "postgres", "tags.5", "environment:"],
  ["require-ownership", "cluster", "nodePool.tags", undefined],
  ["require-ownership", "role", "metadata.labels", {}],
  ["require-ownership", "role", "metadata", undefined],
  ["require-ownership", "namespace", ["metadata", "labels", "whisper.platform/cost-centre"], ""],
  [
    "require-ownership",
    "deployment",
    ["spec", "template", "metadata", "labels", "whisper.platform/owner"],
    undefined,
  ],
  ["require-network-policies", "networkPolicy", "spec.podSelector", { matchLabels: { app: "api" } }],
  ["require-network-policies", "networkPolicy", "metadata.namespace", "elsewhere"],
  [
    "require-network-policies",
    "networkPolicy",
    "spec.podSelector",
    { matchExpressions: [{ key: "app", operator: "Exists" }] },
  ],
  ["require-network-policies", "networkPolicy", "spec.ingress", [{}]],
  ["require-network-policies", "networkPolicy", "spec.egress", [{ to: [] }]],
  ["require-network-policies", "networkPolicy", "spec.policyTypes", ["Ingress"]],
];

function withValue(resource: Judged, path: PropertyPath, value: unknown): Judged {
  const keys = typeof path === "string" ? path.split(".") : [...path];
  const last = keys.pop() ?? "";
  let place: unknown = resource.props;
  for (const key of keys) place = (place as Record<string, unknown>)[key];
  if (value === undefined) delete (place as Record<string, unknown>)[last];
  else (place as Record<string, unknown>)[last] = value;
  return resource;
}

beforeEach(() => judgedStack("production"));

describe("the baseline", () => {
  it.each(rules.map((rule) => [rule.name, rule] as const))("passes %s", async (_name, rule) => {
    expect(await violationsOf(rule, Object.values(baseline()))).toEqual([]);
  });
});

describe("each breach", () => {
  it.each(breaches)("%s notices %s.%s = %j", async (name, subject, path, value) => {
    const resources = baseline();
    withValue(resources[subject], path, value);

    const violations = await violationsOf(ruleNamed(name), Object.values(resources));

    expect(violations.length).toBeGreaterThan(0);
    expect(violations[0]).toContain("Remedy: ");
  });

  it("reports every container that is wrong, init containers too", async () => {
    const resources = baseline();
    withValue(resources.deployment, `${pod}.initContainers`, [{ name: "migrate", image: "api" }]);
    withValue(resources.deployment, `${container}.image`, "api");

    const violations = await violationsOf(ruleNamed("require-pinned-images"), Object.values(resources));

    expect(violations).toHaveLength(2);
    expect(violations.join()).toContain("spec.template.spec.initContainers[migrate].image");
  });

  const seen = [{ name: "main", hostPort: 80, ports: [{ containerPort: 80, hostPort: 80 }] }];
  const template = { spec: { containers: seen } };
  it.each([
    [
      "batch/v1:CronJob",
      { spec: { jobTemplate: { spec: { template } } } },
      "spec.jobTemplate.spec.template.",
    ],
    ["core/v1:Pod", template, ""],
    ["core/v1:PodTemplate", { template }, "template."],
    ["extensions/v1beta1:Deployment", { spec: { template } }, "spec.template."],
    ["apps/v1:DeploymentPatch", { spec: { template } }, "spec.template."],
    ["apps/v1:DeploymentList", { items: [{ spec: { template } }] }, "items[0].spec.template."],
    ["core/v1:List", { items: [{ kind: "Pod", ...template }] }, "items[0]."],
    ["argoproj.io/v1alpha1:Rollout", { spec: { template } }, "spec.template."],
    ["keda.sh/v1alpha1:ScaledJob", { spec: { jobTargetRef: { template } } }, "spec.jobTargetRef.template."],
    ["example.com/v1:Farm", { spec: { pools: [{ podTemplate: template }] } }, "spec.pools[0].podTemplate."],
  ])("finds the pods of %s", async (kind, props, path) => {
    const [violation] = await violationsOf(ruleNamed("refuse-host-ports"), [
      { type: `kubernetes:${kind}`, props },
    ]);
    expect(violation).toContain(`${path}spec.containers[main].ports[80].hostPort`);
  });

  it.each([
    ["without pods", "spec.template", undefined],
    ["with a text for its pod", "spec.template.spec", "a pod"],
    ["with a text for its containers", `${pod}.containers`, "api"],
    ["with a list of texts", `${pod}.initContainers`, ["api"]],
    ["with a text for a list", `${container}.ports`, "80"],
  ])("refuses to take a Deployment %s for judged", async (_what, path, value) => {
    const resources = baseline();
    withValue(resources.deployment, path, value);
    const violations = await violationsOf(ruleNamed("refuse-host-ports"), [resources.deployment]);
    expect(violations.join()).toContain("cannot judge this");
  });
});

describe("rules across resources", () => {
  it("take the denials of both directions from two policies as well as from one", async () => {
    const { networkPolicy: ingress, ...others } = baseline();
    withValue(ingress, "spec.policyTypes", ["Ingress"]);
    const egress = withValue({ ...baseline().networkPolicy, name: "egress" }, "spec.policyTypes", ["Egress"]);

    expect(
      await violationsOf(ruleNamed("require-network-policies"), [...Object.values(others), ingress, egress]),
    ).toEqual([]);
  });

  it("want trusted sources for every database, by reference", async () => {
    const { trustedSources: _left, ...others } = baseline();

    expect(await violationsOf(ruleNamed("require-trusted-sources"), Object.values(others))).toHaveLength(1);
  });

  it("see nothing of a Helm release, and say so", async () => {
    const release = { type: "kubernetes:helm.sh/v3:Release", props: { chart: "nginx" } };
    expect(await violationsOf(ruleNamed("refuse-helm-releases"), [release])).toHaveLength(1);
  });

  it("want a VPC of what can be in one", async () => {
    const { network: _left, ...others } = baseline();

    const violations = await violationsOf(ruleNamed("require-private-network"), Object.values(others));

    expect(violations).toHaveLength(5);
  });
});

describe("store protection", () => {
  const unprotected = () => [{ ...baseline().postgres, protect: false }];
  const rule = ruleNamed("require-store-protection");

  it.each(["postgres", "database", "bucket", "registry", "claim"] as const)(
    "is demanded of the %s in production",
    async (store) => {
      expect(await violationsOf(rule, [{ ...baseline()[store], protect: false }])).toHaveLength(1);
    },
  );

  it("is not demanded in staging", async () => {
    judgedStack("staging");
    expect(await violationsOf(rule, unprotected())).toEqual([]);
  });

  it.each([
    ["names the environment and a reason", { confirm: "production", reason: "moved to another account" }, 0],
    ["names another environment", { confirm: "staging", reason: "moved" }, 1],
    ["gives no reason", { confirm: "production", reason: "" }, 1],
    ["is something else", "yes", 1],
  ])("when the decommission setting %s", async (_name, decommission, expected) => {
    judgedStack("production", { decommission });
    expect(await violationsOf(rule, unprotected())).toHaveLength(expected);
  });
});

describe("a value that is unknown before the change", () => {
  const undecidable: readonly Breach[] = [
    ["refuse-open-ssh", "firewall", "inboundRules", unknown],
    ["require-private-buckets", "bucket", "acl", unknown],
    ["refuse-public-bucket-policies", "bucketPolicy", "policy", unknown],
    ["require-standby-node", "postgres", "nodeCount", unknown],
    ["require-store-declaration", "postgres", "tags", unknown],
    ["require-ownership", "droplet", "tags", unknown],
    ["require-pinned-images", "deployment", `${container}.image`, unknown],
    ["require-seccomp-profile", "deployment", `${pod}.securityContext`, unknown],
    ["require-network-policies", "networkPolicy", "spec.podSelector", unknown],
  ];

  it.each(undecidable)("is a violation where %s reads %s.%s", async (name, subject, path, value) => {
    const resources = baseline();
    withValue(resources[subject], path, value);

    const violations = await violationsOf(ruleNamed(name), Object.values(resources));

    expect(violations.join()).toContain("cannot be decided before the change");
  });

  it("does not matter where no rule needs it", async () => {
    const resources = baseline();
    withValue(resources.trustedSources, "rules.0.value", unknown);
    withValue(resources.droplet, "sshKeys.0", unknown);
    withValue(resources.service, "metadata.namespace", unknown);
    withValue(resources.deployment, "spec.template.metadata.annotations", { configuration: unknown });

    for (const rule of rules) expect(await violationsOf(rule, Object.values(resources))).toEqual([]);
  });
});

describe("the pack", () => {
  it("names each rule once, with a verb, a reason, a remedy and references", () => {
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    for (const { name, description, remedy, references } of rules) {
      expect(name, "a rule begins with its verb").toMatch(/^(require|refuse)-[a-z-]+$/);
      expect(description.length, `${name} needs a description that says why`).toBeGreaterThan(30);
      expect(remedy.length, `${name} needs a remedy`).toBeGreaterThan(10);
      expect(references.length, `${name} needs a reference to a benchmark or standard`).toBeGreaterThan(0);
    }
  });

  it("has a breach for every rule, so that none can pass everything unseen", () => {
    const alone = [
      "refuse-helm-releases",
      "require-trusted-sources",
      "require-private-network",
      "require-store-protection",
    ];
    const tested = new Set([...breaches.map(([name]) => name), ...alone]);

    const untested = rules.map(({ name }) => name).filter((name) => !tested.has(name));
    expect(untested, `add a breach for ${untested.join(", ")} to the list at the top of this file`).toEqual(
      [],
    );
  });
});
