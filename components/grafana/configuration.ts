import { stringify } from "yaml";
import type { DataSource } from "./data-sources.ts";
import { roleExpression, type SignIn } from "./sign-in.ts";
import { grafanaPort } from "./traffic.ts";

/** Folders of the pod that the configuration refers to. */
export const folders = {
  configuration: "/etc/grafana",
  secrets: "/etc/grafana-secrets",
  packed: "/etc/grafana-dashboards",
  dashboards: "/dashboards",
  data: "/var/lib/grafana",
} as const;

/** Files of the Secret. */
export const secretFiles = {
  adminPassword: "admin-password",
  encryptionKey: "encryption-key",
  clientSecret: "client-secret",
} as const;

/** What of Grafana differs from one to the next; what is secret it reads from the files of {@link secretFiles}. */
export interface GrafanaSettings {
  /** Where people reach it. @example "https://ops.whisper.example.com/grafana" */
  readonly url: string;
  /** Path of the dashboard that whoever comes in sees first, below the folder of dashboards. */
  readonly homeDashboard: string;
  readonly signIn?: Omit<SignIn, "clientSecret"> | undefined;
}

type Section = Readonly<Record<string, string | number | boolean>>;

const fromFile = (file: string) => `$__file{${folders.secrets}/${file}}`;

/** The whole grafana.ini. */
export function grafanaConfiguration({ url, homeDashboard, signIn }: GrafanaSettings): string {
  const sections: Record<string, Section> = {
    server: { http_port: grafanaPort, domain: new URL(url).hostname, root_url: `${url}/` },
    security: {
      admin_user: "admin",
      admin_password: fromFile(secretFiles.adminPassword),
      secret_key: fromFile(secretFiles.encryptionKey),
      cookie_secure: true,
      content_security_policy: true,
      disable_gravatar: true,
    },
    users: { allow_sign_up: false, allow_org_create: false, auto_assign_org_role: "Viewer" },
    auth: {
      login_maximum_inactive_lifetime_duration: "12h",
      login_maximum_lifetime_duration: "3d",
      disable_signout_menu: false,
    },
    "auth.anonymous": { enabled: false },
    ...(signIn && { "auth.generic_oauth": signInSection(signIn) }),
    dashboards: {
      default_home_dashboard_path: `${folders.dashboards}/${homeDashboard}`,
      min_refresh_interval: "10s",
    },
    // Prometheus evaluates rules and Alertmanager tells: here both are only looked at.
    unified_alerting: { enabled: true, execute_alerts: false },
    log: { mode: "console" },
    "log.console": { format: "json" },
    metrics: { enabled: true },
    // It has no way out, and no need of one.
    analytics: {
      reporting_enabled: false,
      check_for_updates: false,
      check_for_plugin_updates: false,
      feedback_links_enabled: false,
    },
    plugins: { preinstall_disabled: true, plugin_admin_enabled: false },
    news: { news_feed_enabled: false },
    snapshots: { enabled: false },
    public_dashboards: { enabled: false },
    live: { max_connections: 0 },
  };
  return Object.entries(sections)
    .map(([name, section]) => [`[${name}]`, ...lines(section)].join("\n"))
    .join("\n\n")
    .concat("\n");
}

const lines = (section: Section) => Object.entries(section).map(([key, value]) => `${key} = ${value}`);

function signInSection(signIn: Omit<SignIn, "clientSecret">): Section {
  const { providerName, clientId, authorizationUrl, tokenUrl, userInfoUrl, groupsClaim = "groups" } = signIn;
  return {
    enabled: true,
    name: providerName,
    // Whoever the provider knows, and has a role: the database of users is empty after each start.
    allow_sign_up: true,
    client_id: clientId,
    client_secret: fromFile(secretFiles.clientSecret),
    scopes: "openid profile email groups",
    auth_url: authorizationUrl,
    token_url: tokenUrl,
    api_url: userInfoUrl,
    use_pkce: true,
    groups_attribute_path: groupsClaim,
    role_attribute_path: roleExpression(signIn),
    role_attribute_strict: true,
    allow_assign_grafana_admin: false,
  };
}

/** Where dashboards are: each folder below is one of Grafana's. */
export function dashboardProvisioning(): string {
  return stringify({
    apiVersion: 1,
    providers: [
      {
        name: "platform",
        type: "file",
        disableDeletion: true,
        allowUiUpdates: false,
        options: { path: folders.dashboards, foldersFromFilesStructure: true },
      },
    ],
  });
}

/** The data sources, as Grafana's provisioning wants them. None can be changed by hand. */
export function dataSourceProvisioning(sources: readonly DataSource[]): string {
  return stringify({
    apiVersion: 1,
    datasources: sources.map(({ uid, name, type, url, settings }, index) => ({
      uid,
      name,
      type,
      access: "proxy",
      url,
      isDefault: index === 0,
      editable: false,
      ...(settings && { jsonData: settings }),
    })),
  });
}
