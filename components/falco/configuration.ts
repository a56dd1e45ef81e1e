import { stringify } from "yaml";
import { falcoPort } from "./traffic.ts";

/** Where a container finds the node's file system, of which it sees the paths it mounts. */
export const hostRoot = "/host";

/** Folder of Falco's settings. */
export const settingsFolder = "/etc/falco";

/** Where the node's container runtime answers. */
const runtimeSocket = "/run/containerd/containerd.sock";

/**
 * The whole falco.yaml: the modern eBPF probe, which the program itself brings; what it finds as lines of JSON on the
 * standard output, and counted for Prometheus. Nothing is sent anywhere, nothing is fetched.
 */
export function falcoConfiguration(): string {
  return stringify({
    // All there is stands here: the image's own additions are not read.
    config_files: [],
    watch_config_files: false,
    // Else the first rule that matches hides the others: the image's on terminals, ours on shells.
    rule_matching: "all",
    rules_files: [`${settingsFolder}/falco_rules.yaml`, `${settingsFolder}/rules.d`],
    engine: {
      kind: "modern_ebpf",
      // 2 MiB a buffer, one buffer for two processors: a node's share of memory stays small.
      modern_ebpf: { cpus_for_each_buffer: 2, buf_size_preset: 2 },
    },
    load_plugins: ["container"],
    plugins: [
      {
        name: "container",
        library_path: "libcontainer.so",
        init_config: { engines: { cri: { enabled: true, sockets: [runtimeSocket] } } },
      },
    ],
    priority: "notice",
    json_output: true,
    time_format_iso_8601: true,
    // Each line at once: the last ones before somebody kills it are those that matter.
    buffered_outputs: false,
    stdout_output: { enabled: true },
    syslog_output: { enabled: false },
    file_output: { enabled: false },
    http_output: { enabled: false },
    program_output: { enabled: false, program: "" },
    log_stderr: true,
    log_syslog: false,
    log_level: "info",
    // A flood of calls that it cannot follow is where somebody would hide.
    syscall_event_drops: { threshold: 0.1, actions: ["log", "alert"], rate: 0.03333, max_burst: 1 },
    webserver: {
      enabled: true,
      threadiness: 1,
      listen_port: falcoPort,
      listen_address: "0.0.0.0",
      k8s_healthz_endpoint: "/healthz",
      prometheus_metrics_enabled: true,
    },
    metrics: {
      enabled: true,
      interval: "1h",
      output_rule: false,
      rules_counters_enabled: true,
      resource_utilization_enabled: true,
      state_counters_enabled: true,
      kernel_event_counters_enabled: true,
    },
  });
}

/**
 * Rules of the platform's own, beside those that Falco's image brings (`falco_rules.yaml`): what our containers never do.
 *
 * @param namespacePrefix what the names of our namespaces begin with, such as `whisper-staging-`
 */
export function falcoRules(namespacePrefix: string): string {
  const ours = `container.id != host and k8s.ns.name startswith "${namespacePrefix}"`;
  const where =
    "pod=%k8s.pod.name namespace=%k8s.ns.name container=%container.name image=%container.image.repository";
  const what = "command=%proc.cmdline parent=%proc.pname user=%user.name";
  return stringify([
    { list: "platform_shells", items: ["ash", "bash", "csh", "dash", "fish", "ksh", "sh", "tcsh", "zsh"] },
    { macro: "platform_container", condition: ours },
    {
      // The image's start script asks Neo4j's, which is one too, how to run the server. Names have 15 letters.
      macro: "platform_neo4j_start",
      condition: 'container.image.repository endswith "/neo4j" and proc.pname = "docker-entrypoi"',
    },
    {
      // Elasticsearch and Kibana are started by scripts, and set up by one.
      macro: "platform_elastic_start",
      condition:
        'container.image.repository startswith "docker.elastic.co/" and container.duration < 60000000000',
    },
    {
      rule: "Shell in a container of the platform",
      desc: "Nothing that the platform runs starts a shell, but for the start scripts of Neo4j, Elasticsearch and Kibana: somebody is inside, or a program was made to start one.",
      condition:
        "evt.type in (execve, execveat) and platform_container and proc.name in (platform_shells) and not platform_neo4j_start and not platform_elastic_start",
      output: `A shell was started in a container of the platform | ${what} ${where}`,
      priority: "WARNING",
      tags: ["container", "shell", "mitre_execution", "T1059"],
    },
    {
      rule: "Metadata service asked by a container of the platform",
      desc: "The address at which a droplet finds its own user data and tokens; nothing that the platform runs asks it.",
      condition:
        'evt.type in (connect, sendto, sendmsg) and platform_container and fd.sip = "169.254.169.254"',
      output: `A container of the platform asked the cloud's metadata service | connection=%fd.name ${what} ${where}`,
      priority: "CRITICAL",
      tags: ["container", "network", "mitre_credential_access", "T1552.005"],
    },
    {
      rule: "Service account token read by another than Prometheus",
      desc: "Only Prometheus speaks to Kubernetes; whoever else reads a token wants to be it.",
      condition:
        // Where /var/run leads to /run, which is in most images, both are ways to it.
        'evt.type in (open, openat, openat2) and platform_container and evt.is_open_read = true and (fd.name startswith "/var/run/secrets/kubernetes.io/serviceaccount" or fd.name startswith "/run/secrets/kubernetes.io/serviceaccount") and proc.name != "prometheus"',
      output: `A token of Kubernetes was read in a container of the platform | file=%fd.name ${what} ${where}`,
      priority: "WARNING",
      tags: ["container", "k8s", "mitre_credential_access", "T1528"],
    },
  ]);
}
