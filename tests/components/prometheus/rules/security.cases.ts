import type { RuleCase } from "./rule-case.ts";

const finding = (priority: number) =>
  `falcosecurity_falco_rules_matches_total{rule_name="Terminal shell in container", instance="10.16.0.5:8765", priority="${priority}"}`;

const notice = {
  labels: { rule_name: "Terminal shell in container", instance: "10.16.0.5:8765" },
  summary: "Falco has seen: Terminal shell in container",
  description:
    "A program did what none of the platform's does. Falco's output on the node of 10.16.0.5:8765 names it, its pod and its parent.",
};

const logins = (failed: string, succeeded: string) => ({
  'login_attempts_total{job="api", outcome="failed"}': failed,
  'login_attempts_total{job="api", outcome="succeeded"}': succeeded,
});
/** A hundred requests a minute, of which so many are denied. */
const denied = (count: number) => ({
  'http_requests_total{job="api", status="403"}': `0+${count}x40`,
  'job:http_requests:rate5m{job="api"}': "1.66666667x40",
});
const nodes = (watched: string) => ({
  'kube_node_info{node="a"}': "1x40",
  'kube_node_info{node="b"}': "1x40",
  'up{job="falco", instance="a"}': "1x40",
  'up{job="falco", instance="b"}': watched,
});

export const securityCases: readonly RuleCase[] = [
  {
    alert: "IntrusionSuspected",
    when: "a rule of Falco's finds something for the first time, and has no counter before",
    series: { [finding(4)]: "_x5 1x20" },
    firesAtMinute: 5,
    notices: [notice],
  },
  {
    alert: "IntrusionSuspected",
    when: "a rule that has found something before finds more",
    series: { [finding(4)]: "3x19 4x20" },
    firesAtMinute: 20,
    notices: [notice],
  },
  {
    alert: "IntrusionSuspected",
    when: "nothing was found for ten minutes",
    series: { [finding(4)]: "_x5 1x40" },
    quietAtMinutes: [4, 16, 40],
  },
  {
    alert: "IntrusionSuspected",
    when: "what was found is worth a notice and no warning",
    series: { [finding(5)]: "_x5 1x20" },
    quietAtMinutes: [5, 10],
  },
  {
    alert: "LoginsFail",
    when: "sixty fail within a minute",
    series: logins("0x9 60x30", "0+1x40"),
    firesAtMinute: 10,
    notices: [{ summary: "60 sign-ins have failed in ten minutes" }],
  },
  {
    alert: "LoginsFail",
    when: "users mistype four a minute",
    series: logins("0+4x40", "0+50x40"),
    quietAtMinutes: [10, 40],
  },
  {
    alert: "LoginAttackSuspected",
    when: "a hundred fail a minute, and some succeed",
    series: logins("0+100x40", "0+1x40"),
    firesAtMinute: 5.5,
    notices: [{ summary: "550 sign-ins have failed in ten minutes, and others succeeded" }],
  },
  {
    alert: "LoginAttackSuspected",
    when: "all fail, as sign-in is broken",
    series: logins("0+100x40", "7x40"),
    quietAtMinutes: [6, 40],
  },
  {
    alert: "AccessDeniedOften",
    when: "thirty of a hundred are denied",
    series: denied(30),
    firesAtMinute: 12,
    notices: [{ labels: { job: "api" }, summary: "api denies 30% of its requests" }],
  },
  {
    alert: "AccessDeniedOften",
    when: "ten of a hundred are",
    series: denied(10),
    quietAtMinutes: [15, 40],
  },
  {
    alert: "IntrusionWatchMissing",
    when: "Falco goes on one of two nodes",
    series: nodes("1x4 0x40"),
    firesAtMinute: 20,
    notices: [{ summary: "1 nodes are not watched by Falco" }],
  },
  {
    alert: "IntrusionWatchMissing",
    when: "it watches both",
    series: nodes("1x40"),
    quietAtMinutes: [16, 40],
  },
];
