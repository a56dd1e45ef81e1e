import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pagerDutyAddresses } from "../../../../components/alertmanager/receivers.ts";
import { type ConfigurationFiles, installedProgram, writeConfiguration } from "../amtool.ts";
import { everybody } from "../receivers.ts";
import { type Inbox, mailUser, startReceiving } from "./inbox.ts";
import { hastened, type Running, start } from "./process.ts";

const program = await installedProgram("alertmanager", "prometheus-alertmanager");

/** Whether Alertmanager is installed. */
export const alertmanagerIsHere = program !== undefined;
if (!alertmanagerIsHere) {
  process.stderr.write("NOT RUN: Alertmanager is not installed, so nobody sees what people are told\n");
}

/** By what every duration of the configuration is divided: a minute passes in a tenth of a second. */
export const hastenedBy = 600;

/** An alert as Prometheus sends it. */
export interface RaisedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** A running Alertmanager, and what one asks of it. */
export interface LiveAlertmanager extends Running {
  raise(alerts: readonly RaisedAlert[]): Promise<void>;
  /** What it thinks of the alerts of a name. */
  statesOf(alertname: string): Promise<string[]>;
  /** Silences all alerts of a name for an hour; the silence's id. */
  silence(alertname: string): Promise<string>;
  /** Ids of what is silenced. */
  silences(): Promise<string[]>;
  lift(silence: string): Promise<void>;
  /** Addresses by which it and its equals gossip. */
  peers(): Promise<string[]>;
  /** How many deliveries of others it has heard of. */
  deliveriesHeardOf(): Promise<number>;
}

/** How one Alertmanager differs from another. */
interface AlertmanagerSettings {
  /** Of its folder: who has the same finds what the one before has kept. @default "one" */
  readonly name?: string;
  /** Addresses of its equals; the first has none yet. @default it is alone */
  readonly peers?: readonly string[];
}

/** Those who receive, and the Alertmanagers that tell them. */
export interface Stage {
  readonly inbox: Inbox;
  /** Folder that is gone at the end. */
  readonly folder: string;
  /**
   * Writes the configuration of an environment that tells by every way, pointed at those who receive here.
   *
   * @param workingDays days that have working hours, as Alertmanager writes them
   */
  configure(workingDays?: string): string;
  alertmanager(configuration: string, settings?: AlertmanagerSettings): Promise<LiveAlertmanager>;
  /** Takes care that a program is ended with the others. */
  keep(program: Running): void;
  /** What was told, and all that was said, for whoever looks for what went wrong. */
  story(): string;
  /** Ends every program, and removes every file. */
  clear(): Promise<void>;
}

/** Sets the stage of a test. */
export async function setStage(): Promise<Stage> {
  const receiving = await startReceiving();
  const folder = mkdtempSync(join(tmpdir(), "alertmanager-live-"));
  const authorities = join(folder, "authority.pem");
  writeFileSync(authorities, receiving.mailAuthority);
  const running: Running[] = [];
  const written: ConfigurationFiles[] = [];
  return {
    inbox: receiving.inbox,
    folder,
    keep: (each) => void running.push(each),
    configure: (workingDays = "sunday:saturday") => {
      const { mailPort, addresses } = receiving;
      const server = {
        host: "localhost",
        port: 2525,
        from: "alerts@example.com",
        user: mailUser.user,
      } as const;
      const files = writeConfiguration(
        {
          ...everybody,
          email: { ...everybody.email, server },
          workingHours: { timeZone: "UTC", from: "00:00", to: "24:00" },
        },
        (text) =>
          hastened(text, hastenedBy)
            .replaceAll("localhost:2525", `localhost:${mailPort}`)
            .replaceAll(pagerDutyAddresses.eu, addresses.pagerDuty)
            .replaceAll("monday:friday", workingDays),
        {
          slack: addresses.slack,
          email: mailUser.password,
          pagerDuty: "routing-key",
          heartbeat: addresses.heartbeat,
        },
      );
      written.push(files);
      return files.file;
    },
    alertmanager: async (configuration, { name = "one", peers } = {}) => {
      const data = join(folder, name);
      mkdirSync(data, { recursive: true });
      const parameters = [
        `--config.file=${configuration}`,
        `--storage.path=${data}`,
        "--web.listen-address=127.0.0.1:0",
        "--log.level=debug",
        ...gossip(peers),
      ];
      const started = await start(program ?? "", parameters, { SSL_CERT_FILE: authorities });
      running.push(started);
      return asked(started);
    },
    story: () =>
      [...receiving.inbox.all.map((each) => JSON.stringify(each)), ...running.flatMap(({ log }) => log)].join(
        "\n",
      ),
    clear: async () => {
      await Promise.all(running.map((each) => each.stop()));
      await receiving.close();
      for (const files of written) files[Symbol.dispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const gossip = (peers: readonly string[] | undefined): string[] =>
  peers === undefined
    ? ["--cluster.listen-address="]
    : [
        "--cluster.listen-address=127.0.0.1:0",
        "--cluster.gossip-interval=20ms",
        "--cluster.peer-timeout=100ms",
        ...peers.map((peer) => `--cluster.peer=${peer}`),
      ];

/** Adds to a running Alertmanager what one asks of it. */
function asked(running: Running): LiveAlertmanager {
  const call = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(`${running.url}${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${answer}`);
    return answer;
  };
  return {
    ...running,
    raise: async (alerts) => void (await call("POST", "/api/v2/alerts", alerts)),
    statesOf: async (alertname) => {
      const answer = await call("GET", `/api/v2/alerts?filter=alertname=${alertname}`);
      const alerts: { status: { state: string } }[] = JSON.parse(answer);
      return alerts.map(({ status }) => status.state);
    },
    silence: async (alertname) => {
      const now = Date.now();
      const answer = await call("POST", "/api/v2/silences", {
        matchers: [{ name: "alertname", value: alertname, isRegex: false, isEqual: true }],
        startsAt: new Date(now).toISOString(),
        endsAt: new Date(now + 3_600_000).toISOString(),
        createdBy: "the test",
        comment: "the queue is being moved",
      });
      const { silenceID }: { silenceID: string } = JSON.parse(answer);
      return silenceID;
    },
    silences: async () => {
      const silences: { id: string }[] = JSON.parse(await call("GET", "/api/v2/silences"));
      return silences.map(({ id }) => id);
    },
    lift: async (silence) => void (await call("DELETE", `/api/v2/silence/${silence}`)),
    peers: async () => {
      const answer = await call("GET", "/api/v2/status");
      const { cluster }: { cluster: { peers: { address: string }[] } } = JSON.parse(answer);
      return cluster.peers.map(({ address }) => address);
    },
    deliveriesHeardOf: async () => {
      const metrics = await call("GET", "/metrics");
      return Number(/^alertmanager_nflog_gossip_messages_propagated_total (\S+)$/m.exec(metrics)?.[1]);
    },
  };
}
