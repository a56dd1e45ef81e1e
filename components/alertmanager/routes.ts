import type { Receivers } from "./receivers.ts";

/** The receivers, by what is told: each is there whatever is configured, and tells whom it can. */
export const receiverNames = {
  /** PagerDuty, Slack and e-mail. */
  paging: "paging",
  /** Slack and e-mail. */
  team: "team",
  /** Slack. */
  chat: "chat",
  /** E-mail to those who are told when nobody solves it. */
  escalation: "escalation",
  /** Who waits outside for a sign of life. */
  heartbeat: "heartbeat",
} as const;

/** The alert that always fires: its notifications are the sign of life. */
export const signOfLife = "Watchdog";

/** Name of the time interval in which what is only worth knowing is told. */
export const workingHoursName = "working-hours";

/**
 * Who is told of what, and how often. An alert bears `severity`, `subject`, `environment`, and `paging="off"` where
 * nobody is to be woken; one without a severity is a warning.
 *
 * One message is about one alert of one subject, however many things it has found: a node that takes ten pods along is a
 * line in a message and not ten messages. What goes on is told again after hours, not minutes.
 */
export function routes({ escalation }: Receivers) {
  return {
    receiver: receiverNames.team,
    group_by: ["environment", "subject", "alertname"],
    group_wait: "30s",
    group_interval: "5m",
    repeat_interval: "1d",
    routes: [
      {
        receiver: receiverNames.heartbeat,
        matchers: [`alertname="${signOfLife}"`],
        group_wait: "0s",
        group_interval: "1m",
        repeat_interval: "1m",
      },
      // Before the others, who end the search: whoever is told here is told besides them. The wait counts from when the
      // alert began, and what is silenced meanwhile is told to nobody: a silence says that somebody has it in hand.
      ...(escalation === undefined
        ? []
        : [
            {
              receiver: receiverNames.escalation,
              matchers: ['severity="critical"'],
              group_wait: `${escalation.afterMinutes}m`,
              repeat_interval: "4h",
              continue: true,
            },
          ]),
      {
        receiver: receiverNames.team,
        matchers: ['severity="critical"', 'paging="off"'],
        group_wait: "10s",
        repeat_interval: "4h",
      },
      {
        receiver: receiverNames.paging,
        matchers: ['severity="critical"'],
        group_wait: "10s",
        repeat_interval: "4h",
      },
      {
        receiver: receiverNames.chat,
        matchers: ['severity="info"'],
        repeat_interval: "7d",
        active_time_intervals: [workingHoursName],
      },
    ],
  };
}
