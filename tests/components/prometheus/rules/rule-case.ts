/**
 * Series by name and labels, each with a value a minute from the start, in promtool's notation: `1x9` is ten ones,
 * `0+5x9` rises by five a minute, `_x9` is nothing for nine minutes.
 * @example { 'up{job="api", instance="a:8000"}': "1x4 0x9" }
 */
export type Series = Readonly<Record<string, string>>;

interface Case {
  /** What happens, in words; begins with "when" when read. @example "the API's only pod is gone" */
  readonly when: string;
  readonly series: Series;
  /**
   * Minutes between one value of a series and the next, and between two evaluations: for what takes days. A series that
   * is given is then a recorded one, as a rate over minutes has nothing to go by.
   * @default 1, and an evaluation each half a minute
   */
  readonly stepMinutes?: number;
}

/** What Alertmanager would be told. */
export interface Notice {
  /** The labels besides those that every alert of its rule has. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** With the labels filled in. */
  readonly summary: string;
  /**
   * With the labels filled in.
   * @default the rule's own, where nothing has to be filled in
   */
  readonly description?: string;
}

/** A course of events in which an alert fires, or stays quiet. */
export type AlertCase = Case & { readonly alert: string } & (
    | {
        /** The first evaluation at which it fires, in minutes from the start: at the one before, it does not. @example 6 */
        readonly firesAtMinute: number;
        readonly notices: readonly Notice[];
        /** The first evaluation at which it no longer does. @default not looked at */
        readonly endsAtMinute?: number;
      }
    | {
        /** Moments at which it does not fire, in minutes from the start. @example [5, 30] */
        readonly quietAtMinutes: readonly number[];
      }
  );

/** What a recorded series is at a moment, to six decimal places. */
export type RecordingCase = Case & {
  readonly record: string;
  /** In minutes from the start. */
  readonly atMinute: number;
  readonly values: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[];
};

/** Any unit test of a rule. */
export type RuleCase = AlertCase | RecordingCase;
