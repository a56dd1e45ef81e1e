import { exposition, gauge } from "../exposition.ts";
import type { DelivererView } from "./deliverer.ts";

/** What the deliverer sees and does, in Prometheus' text format. */
export const metricsText = (view: DelivererView): string =>
  exposition({
    gpu_secrets_members: {
      help: "Members of the pool (confirmed), those that hold the secrets they should (current), those that could not be spoken to or were not believed (failing), and droplets on the roll that are no members now (strangers)",
      type: "gauge",
      values: {
        'state="confirmed"': view.members,
        'state="current"': view.current,
        'state="failing"': view.failing,
        'state="strangers"': view.strangers,
      },
    },
    gpu_secrets_deliveries_total: {
      help: "Times a member was given secrets",
      type: "counter",
      values: { "": view.deliveries },
    },
    gpu_secrets_failures_total: {
      help: "Times a member, or DigitalOcean's API, failed or was not believed",
      type: "counter",
      values: { "": view.failures },
    },
    gpu_secrets_read_timestamp_seconds: gauge(
      "When the pool and its secrets were last read",
      view.readMs / 1000,
    ),
  });
