import { stringify } from "yaml";
import { inhibitions } from "./inhibitions.ts";
import { templatesFile } from "./messages.ts";
import { pagerDutyAddresses, type Receivers, secretFiles } from "./receivers.ts";
import { receiverNames, routes, workingHoursName } from "./routes.ts";

/** Folders that the configuration refers to. */
export interface ConfigurationFolders {
  readonly configuration: string;
  readonly secrets: string;
}

const template = (name: string) => `{{ template "whisper.${name}" . }}`;

/** The whole alertmanager.yml. Nothing secret is in it: what is, it names the files of. */
export function alertmanagerConfiguration(receivers: Receivers, folders: ConfigurationFolders): string {
  const { timeZone, from, to } = receivers.workingHours;
  return stringify({
    templates: [`${folders.configuration}/${templatesFile}`],
    route: routes(receivers),
    inhibit_rules: inhibitions,
    time_intervals: [
      {
        name: workingHoursName,
        time_intervals: [
          {
            weekdays: ["monday:friday"],
            times: [{ start_time: from, end_time: to }],
            location: timeZone,
          },
        ],
      },
    ],
    receivers: receiverList(receivers, folders),
  });
}

function receiverList(receivers: Receivers, folders: ConfigurationFolders) {
  const { email, escalation } = receivers;
  const slack = slackConfigs(receivers, folders);
  const team = { ...slack, ...emailConfigs(receivers, email?.to ?? [], folders) };
  return [
    { name: receiverNames.paging, ...pagerDutyConfigs(receivers, folders), ...team },
    { name: receiverNames.team, ...team },
    { name: receiverNames.chat, ...slack },
    ...(escalation === undefined
      ? []
      : [{ name: receiverNames.escalation, ...emailConfigs(receivers, escalation.emails, folders) }]),
    { name: receiverNames.heartbeat, ...heartbeatConfigs(receivers, folders) },
  ];
}

function slackConfigs({ slack }: Receivers, { secrets }: ConfigurationFolders) {
  if (slack === undefined) return {};
  return {
    slack_configs: [
      {
        api_url_file: `${secrets}/${secretFiles.slack}`,
        channel: slack.channel,
        send_resolved: true,
        title: template("title"),
        title_link: template("runbook"),
        text: template("text"),
        fallback: template("title"),
        color: template("color"),
      },
    ],
  };
}

function emailConfigs({ email }: Receivers, to: readonly string[], { secrets }: ConfigurationFolders) {
  if (email === undefined) return {};
  const { host, port, from, user } = email.server;
  return {
    email_configs: to.map((address) => ({
      to: address,
      from,
      smarthost: `${host}:${port}`,
      auth_username: user,
      auth_password_file: `${secrets}/${secretFiles.email}`,
      require_tls: true,
      send_resolved: true,
      headers: { Subject: template("title") },
      // Text alone: Alertmanager's own page would link to an address that nobody outside the cluster reaches.
      html: "",
      text: template("text"),
    })),
  };
}

function pagerDutyConfigs({ pagerDuty }: Receivers, { secrets }: ConfigurationFolders) {
  if (pagerDuty === undefined) return {};
  return {
    pagerduty_configs: [
      {
        routing_key_file: `${secrets}/${secretFiles.pagerDuty}`,
        url: pagerDutyAddresses[pagerDuty.region],
        send_resolved: true,
        severity: "critical",
        description: template("title"),
        client_url: template("runbook"),
        class: "{{ .GroupLabels.alertname }}",
        component: "{{ .GroupLabels.subject }}",
        group: "{{ .GroupLabels.environment }}",
        details: { text: template("text") },
        links: [
          { href: template("runbook"), text: "Runbook" },
          { href: template("dashboard"), text: "Dashboard" },
        ],
      },
    ],
  };
}

function heartbeatConfigs({ heartbeat }: Receivers, { secrets }: ConfigurationFolders) {
  if (!heartbeat) return {};
  return {
    webhook_configs: [{ url_file: `${secrets}/${secretFiles.heartbeat}`, send_resolved: false }],
  };
}
