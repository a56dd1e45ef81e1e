/** Which alerts keep others from being told, while they last. */
interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  /** Labels in which both must agree; one that neither has counts as agreed. */
  readonly equal: readonly string[];
}

/** Labels of which each names a thing by itself, or within its namespace. */
const names = ["job", "pod", "instance", "node", "deployment", "persistentvolumeclaim"];

/** Labels that say of what an alert is; the others say how it was found, or what is to be done. */
const identity = [
  "environment",
  "subject",
  "namespace",
  ...names,
  "device",
  "mountpoint",
  "database",
  "queue",
  "slo",
];

/**
 * What is not told because something else that is told explains it. It is still counted, and comes when its cause goes
 * and it stays.
 */
export const inhibitions: readonly Inhibition[] = [
  // A critical alert silences the warning of the same thing. One that names no thing, as a sum over all does, explains
  // nothing: with no label to differ in, it would silence all of its subject that name none either.
  ...names.map((name) => ({
    source_matchers: ['severity="critical"', `${name}!=""`],
    target_matchers: ['severity=~"warning|info"'],
    equal: identity,
  })),
  // A node that is out of reach explains whatever else is wrong with it, and that what runs on it is not heard of. What is
  // critical is told all the same: users miss it.
  {
    source_matchers: ['alertname="NodeNotReady"'],
    target_matchers: ['alertname!="NodeNotReady"', 'severity=~"warning|info"', 'node!=""'],
    equal: ["environment", "node"],
  },
  // A store that nobody reaches explains that requests and transcriptions fail, or take long: whoever is woken for the cause
  // need not be woken for what comes of it. That users are not served at all is told all the same, and so is what stays.
  {
    source_matchers: ['alertname=~"PostgresUnreachable|ValkeyUnreachable"'],
    target_matchers: [
      'alertname=~"ErrorsFrequent|ErrorsVeryFrequent|ResponsesSlow|ResponsesSlowOnAverage|TranscriptionsFail|(Availability|Latency)BudgetBurns(Fast|Slowly)"',
    ],
    equal: ["environment"],
  },
  // An error rate that pages silences the lower one, which does not.
  {
    source_matchers: ['alertname="ErrorsVeryFrequent"'],
    target_matchers: ['alertname="ErrorsFrequent"'],
    equal: ["environment", "job"],
  },
  // So does an attack the sign-ins that fail in it.
  {
    source_matchers: ['alertname="LoginAttackSuspected"'],
    target_matchers: ['alertname="LoginsFail"'],
    equal: ["environment"],
  },
  // What another critical alert has seen, the scheduled checks need not say once more.
  {
    source_matchers: ['severity="critical"', 'alertname!="HealthCheckFails"'],
    target_matchers: ['alertname="HealthCheckFails"'],
    equal: ["environment"],
  },
];
