/** Which alerts keep others from being told, while they last. */
interface Inhibition {
  readonly source_matchers: readonly string[];
  readonly target_matchers: readonly string[];
  /** Labels in which both must agree; one that neither has counts as agreed. */
  readonly equal: readonly string[];
}

/** Labels that say of what an alert is; the others say how it was found, or what is to be done. */
const identity = [
  "subject",
  "namespace",
  "job",
  "pod",
  "instance",
  "node",
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
  // A critical alert silences the warning of the same thing.
  {
    source_matchers: ['severity="critical"'],
    target_matchers: ['severity=~"warning|info"'],
    equal: ["environment", ...identity],
  },
  // An error rate that pages silences the lower one, which does not.
  {
    source_matchers: ['alertname="ErrorsVeryFrequent"'],
    target_matchers: ['alertname="ErrorsFrequent"'],
    equal: ["environment", "job"],
  },
];
