import type { Receivers } from "../../../components/alertmanager/receivers.ts";

const workingHours = { timeZone: "America/Toronto", from: "09:00", to: "18:00" };

/** An environment that tells nobody, as the repository comes. */
export const nobody: Receivers = { workingHours };

/** One that tells by every way there is. */
export const everybody: Receivers & Required<Pick<Receivers, "email" | "escalation">> = {
  workingHours,
  slack: { channel: "#whisper-alerts" },
  email: {
    to: ["on-call@example.com", "platform@example.com"],
    server: { host: "smtp.example.com", port: 2525, from: "alerts@example.com", user: "apikey" },
  },
  pagerDuty: { region: "eu" },
  escalation: { emails: ["head-of-operations@example.com"], afterMinutes: 30 },
  heartbeat: true,
};
