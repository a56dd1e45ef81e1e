/** A server behind the edge. */
export interface Backend {
  /** Its name in the cluster. @example "whisper-staging-app-web.whisper-staging-application.svc.cluster.local" */
  readonly host: string;
  /** Where it listens. */
  readonly port: number;
}

/** What operators look at in a browser, behind one host. */
export interface Consoles {
  /** The host. @example "ops.whisper.example.com" */
  readonly domain: string;
  /**
   * Each by the first part of its path, which it does not see: `grafana` answers on `/grafana/`.
   * @example { grafana: { host: "grafana.monitoring.svc.cluster.local", port: 3000 } }
   */
  readonly backends: Readonly<Record<string, Backend>>;
  /** Who tells where they are: the cluster's resolver. @example "kube-dns.kube-system.svc.cluster.local" */
  readonly resolver: string;
}

/** What the edge's nginx must know. TLS ends before it, at the load balancer. */
export interface NginxSettings {
  /** Domain of the front end. */
  readonly siteDomain: string;
  /** Domain of the API. */
  readonly apiDomain: string;
  /** Front end. */
  readonly web: Backend;
  /** API as configured, and the release on its way in; `release.conf` says how much goes to which. */
  readonly api: { readonly stable: Backend; readonly candidate: Backend };
  /** What operators reach on a host of their own. */
  readonly consoles: Consoles;
  /** Ranges of addresses that reach `/admin` and the consoles; everyone else is told that there is nothing. */
  readonly adminCidrs: readonly string[];
  /** Ranges whose PROXY protocol header is believed: where the load balancer's connections come from. */
  readonly trustedProxyCidrs: readonly string[];
  /** Origins the front end may load media from and upload to, such as `https://media.example.com`. */
  readonly mediaOrigins: readonly string[];
  /** Who takes the spans of browsers, at {@link browserSpansPath} of the API's domain; absent where none are wanted. */
  readonly browserSpans?: Backend;
  /** Origin to which browsers report their errors; absent where they report none. */
  readonly errorTracker?: string;
  /** Largest body of a request. */
  readonly uploadLimitMib: number;
  /** Requests a second that one address may make of the API before it is told to slow down. */
  readonly apiRequestsPerSecond: number;
  /** Connections one address may hold open. */
  readonly connectionsPerAddress: number;
  /** How long a WebSocket may be silent. */
  readonly webSocketIdleSeconds: number;
}

/** Where browsers send their spans: the path of OTLP over HTTP, below one of our own. */
export const browserSpansPath = "/telemetry/v1/traces";

/** Port of the site and the API, behind the load balancer; it expects the PROXY protocol. */
export const sitePort = 8080;
/** Port of the probes and of nginx's own figures; no PROXY protocol, not reachable from outside the pod's network. */
export const statusPort = 8081;
/** File with the weights, beside nginx.conf: what a release has set there, a configuration change leaves alone. */
export const releaseFile = "release/release.conf";

/**
 * The whole nginx.conf of the edge. Directives are those of nginx 1.22 and newer.
 *
 * Headers are added at the level of a server only, never in a location: a location with one `add_header` loses
 * all that its server has.
 */
export function nginxConfiguration(settings: NginxSettings): string {
  return `${[
    mainContext(),
    "http {",
    indent(
      [
        logging(),
        limits(settings),
        clientAddress(settings),
        compression(),
        proxying(settings),
        `include ${releaseFile};`,
        upstreams(settings),
        statusServer(),
        strangersServer(),
        siteServer(settings),
        apiServer(settings),
        consolesServer(settings),
      ].join("\n\n"),
    ),
    "}",
  ].join("\n")}\n`;
}

/**
 * The file with the weights: which share of the API's clients meets the candidate. A client keeps its side as long
 * as its address and its browser stay the same.
 * @param candidatePercent share of the candidate, 0 to 100, with at most two decimals
 */
export function releaseConfiguration(candidatePercent: number): string {
  const candidate =
    candidatePercent > 0 && candidatePercent < 100 ? `${candidatePercent}% api_candidate; ` : "";
  const others = candidatePercent >= 100 ? "api_candidate" : "api_stable";
  return `split_clients "$remote_addr$http_user_agent" $api_release { ${candidate}* ${others}; }\n`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}

function block(head: string, ...bodies: string[]): string {
  return `${head} {\n${indent(bodies.join("\n"))}\n}`;
}

/** Everything nginx writes goes to /tmp: the root of its file system is read-only. */
function mainContext(): string {
  return [
    "worker_processes 2;",
    "pid /tmp/nginx.pid;",
    "error_log stderr warn;",
    "worker_shutdown_timeout 30s;",
    "events { worker_connections 4096; }",
  ].join("\n");
}

function logging(): string {
  return `include /etc/nginx/mime.types;
default_type application/octet-stream;
server_tokens off;
log_format json escape=json '{"time":"$time_iso8601","client":"$remote_addr","host":"$host","method":"$request_method","path":"$uri","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"release":"$upstream_addr","request":"$request_id"}';
access_log /dev/stdout json;`;
}

function limits({ uploadLimitMib, apiRequestsPerSecond, connectionsPerAddress }: NginxSettings): string {
  return `client_max_body_size ${uploadLimitMib}m;
client_header_timeout 10s;
client_body_timeout 60s;
send_timeout 60s;
keepalive_timeout 75s;
large_client_header_buffers 4 16k;
reset_timedout_connection on;
limit_req_zone $binary_remote_addr zone=api:10m rate=${apiRequestsPerSecond}r/s;
limit_req_zone $binary_remote_addr zone=signin:10m rate=10r/m;
limit_req_zone $binary_remote_addr zone=spans:10m rate=2r/s;
limit_conn_zone $binary_remote_addr zone=address:10m;
limit_conn address ${connectionsPerAddress};
limit_req_status 429;
limit_conn_status 429;`;
}

function clientAddress({ trustedProxyCidrs }: NginxSettings): string {
  return [
    ...trustedProxyCidrs.map((cidr) => `set_real_ip_from ${cidr};`),
    "real_ip_header proxy_protocol;",
  ].join("\n");
}

function compression(): string {
  return `gzip on;
gzip_vary on;
gzip_proxied any;
gzip_min_length 1024;
gzip_types text/css text/plain application/javascript application/json application/manifest+json image/svg+xml;`;
}

/** An upload goes through as it comes: nothing of it is kept at the edge. */
function proxying({ webSocketIdleSeconds }: NginxSettings): string {
  return `client_body_temp_path /tmp/client-body;
proxy_temp_path /tmp/proxy;
fastcgi_temp_path /tmp/fastcgi;
uwsgi_temp_path /tmp/uwsgi;
scgi_temp_path /tmp/scgi;
map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
map $uri $asset_cache { ~^/_next/static/ "public, max-age=31536000, immutable"; default ""; }
proxy_http_version 1.1;
proxy_request_buffering off;
proxy_connect_timeout 5s;
proxy_read_timeout ${webSocketIdleSeconds}s;
proxy_send_timeout ${webSocketIdleSeconds}s;
proxy_next_upstream error timeout;
proxy_next_upstream_tries 2;
proxy_set_header Host $host;
proxy_set_header Upgrade $http_upgrade;
proxy_set_header Connection $connection_upgrade;
proxy_set_header X-Real-IP $remote_addr;
proxy_set_header X-Forwarded-For $remote_addr;
proxy_set_header X-Forwarded-Proto https;
proxy_set_header X-Forwarded-Host $host;
proxy_set_header X-Request-ID $request_id;`;
}

/** A backend is a Service with an address of its own: Kubernetes balances behind it, so no failure marks it as down. */
function upstreams({ web, api }: NginxSettings): string {
  const upstream = (name: string, { host, port }: Backend) =>
    block(`upstream ${name}`, `server ${host}:${port} max_fails=0;`, "keepalive 32;");
  return [
    upstream("web", web),
    upstream("api_stable", api.stable),
    upstream("api_candidate", api.candidate),
  ].join("\n");
}

function statusServer(): string {
  return block(
    "server",
    `listen ${statusPort};`,
    "access_log off;",
    'location = /healthz { return 200 "ok\\n"; }',
    "location = /stub_status { stub_status; allow 127.0.0.1; deny all; }",
    "location / { return 404; }",
  );
}

/** Whoever asks for a host that is not ours gets no answer. */
function strangersServer(): string {
  return block(
    "server",
    `listen ${sitePort} default_server proxy_protocol;`,
    "server_name _;",
    "return 444;",
  );
}

function siteServer(settings: NginxSettings): string {
  const { siteDomain } = settings;
  return block(
    "server",
    `listen ${sitePort} proxy_protocol;`,
    `server_name ${siteDomain};`,
    securityHeaders(contentSecurityPolicy(settings)),
    // Without `always`, for what was found only: during a roll-out an old pod answers 404 for a file of the new build.
    "add_header Cache-Control $asset_cache;",
    block("location /_next/static/", "proxy_hide_header Cache-Control;", "proxy_pass http://web;"),
    block("location /", "proxy_pass http://web;"),
  );
}

function apiServer(settings: NginxSettings): string {
  const { apiDomain, adminCidrs, apiRequestsPerSecond } = settings;
  return block(
    "server",
    `listen ${sitePort} proxy_protocol;`,
    `server_name ${apiDomain};`,
    securityHeaders("default-src 'none'; frame-ancestors 'none'"),
    `limit_req zone=api burst=${apiRequestsPerSecond * 2} nodelay;`,
    "location = /metrics { return 404; }",
    block(
      "location ^~ /admin",
      ...adminCidrs.map((cidr) => `allow ${cidr};`),
      "deny all;",
      "error_page 403 =404 /nothing-here;",
      "proxy_pass http://$api_release;",
    ),
    "location = /nothing-here { internal; return 404; }",
    block("location ^~ /auth/", "limit_req zone=signin burst=5 nodelay;", "proxy_pass http://$api_release;"),
    ...browserSpansLocation(settings),
    block("location /", "proxy_pass http://$api_release;"),
  );
}

/**
 * A browser sends spans every few seconds; one address may send two batches a second, and twenty at once. The collector itself
 * says to pages of which origin it answers, and is told of no cookie and no address. Asked for with each request, as consoles are.
 */
function browserSpansLocation({ browserSpans, consoles }: NginxSettings): string[] {
  if (browserSpans === undefined) return [];
  return [
    block(
      `location = ${browserSpansPath}`,
      "limit_req zone=spans burst=20 nodelay;",
      "client_max_body_size 512k;",
      "limit_except POST OPTIONS { deny all; }",
      `resolver ${consoles.resolver} valid=30s ipv6=off;`,
      `set $collector ${browserSpans.host};`,
      // One header of its own, and a location has none of its server's.
      'proxy_set_header Cookie "";',
      `proxy_pass http://$collector:${browserSpans.port}/v1/traces;`,
    ),
  ];
}

/**
 * Where a console is, is asked for with each request: one that is not there is no reason for nginx not to start, as an
 * upstream without an address is. Its own policy of contents stays: it knows what its pages load.
 */
function consolesServer({ consoles, adminCidrs }: NginxSettings): string {
  return [
    block("geo $is_operator", "default 0;", ...adminCidrs.map((cidr) => `${cidr} 1;`)),
    block(
      "server",
      `listen ${sitePort} proxy_protocol;`,
      `server_name ${consoles.domain};`,
      "if ($is_operator = 0) { return 404; }",
      securityHeaders(),
      `resolver ${consoles.resolver} valid=30s ipv6=off;`,
      "client_max_body_size 16m;",
      "absolute_redirect off;",
      "location ~ ^/[a-z]+/metrics$ { return 404; }",
      ...Object.entries(consoles.backends).map(([name, { host, port }]) =>
        block(
          `location /${name}/`,
          `set $console ${host};`,
          `rewrite ^/${name}/(.*)$ /$1 break;`,
          `proxy_pass http://$console:${port};`,
        ),
      ),
      "location / { return 404; }",
    ),
  ].join("\n");
}

function securityHeaders(policy?: string): string {
  return [
    'add_header Strict-Transport-Security "max-age=63072000; includeSubDomains; preload" always;',
    "add_header X-Content-Type-Options nosniff always;",
    "add_header X-Frame-Options DENY always;",
    "add_header Referrer-Policy strict-origin-when-cross-origin always;",
    'add_header Permissions-Policy "camera=(), geolocation=(), payment=(), usb=(), microphone=(self)" always;',
    "add_header Cross-Origin-Opener-Policy same-origin always;",
    ...(policy === undefined ? [] : [`add_header Content-Security-Policy "${policy}" always;`]),
  ].join("\n");
}

/** Next.js writes inline styles and the scripts that start a page: 'unsafe-inline' goes once it is given nonces. */
function contentSecurityPolicy({ apiDomain, mediaOrigins, errorTracker = "" }: NginxSettings): string {
  const media = mediaOrigins.join(" ");
  return [
    "default-src 'self'",
    "script-src 'self' 'unsafe-inline'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${media}`.trim(),
    `media-src 'self' blob: ${media}`.trim(),
    `connect-src 'self' https://${apiDomain} wss://${apiDomain} ${media} ${errorTracker}`.trim(),
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "upgrade-insecure-requests",
  ].join("; ");
}
