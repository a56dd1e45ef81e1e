import * as pulumi from "@pulumi/pulumi";
import type { Deployment } from "../stacks/deployment.ts";
import { composePlatform } from "../stacks/platform.ts";
import { readEnvironmentConfig } from "./config/engine.ts";
import type { EnvironmentConfig, SecretValue } from "./config/index.ts";
import { stackOutputs } from "./outputs.ts";
import { postures } from "./postures.ts";

/**
 * The Pulumi program: reads the stack's configuration, composes its platform, and says where everything is.
 * Both `pulumi up` by hand (through index.ts) and the Automation API (inline) run this.
 * @throws RunError with every fault of the configuration and of all components at once
 */
export async function program(): Promise<Record<string, unknown>> {
  const config = readEnvironmentConfig();
  const platform = composePlatform(deploymentOf(config), postures[config.environment]);
  return stackOutputs(platform, config);
}

/** The configuration as the stacks take it: secrets are secret outputs from here on. */
function deploymentOf(config: EnvironmentConfig): Deployment {
  const { decommission, secrets, controlPlaneFirewall, neo4jLicence, pinImages, grafanaSignIn, ...rest } =
    config;
  const { monthlyBudgetUsd: _gates, ...values } = rest;
  const gpuPoolToken = secretOutput(secrets.gpuPoolToken);
  const gpuSecretsToken = secretOutput(secrets.gpuSecretsToken);
  const errorTrackingDsn = secretOutput(secrets.errorTrackingDsn);
  const clientSecret = secretOutput(secrets.grafanaClientSecret);
  return {
    ...values,
    pinImages: pinImages ?? false,
    ...(controlPlaneFirewall && { controlPlaneFirewall }),
    alerts: alertsOf(config),
    ...(grafanaSignIn && clientSecret && { grafanaSignIn: { ...grafanaSignIn, clientSecret } }),
    ...(neo4jLicence !== undefined && { neo4jLicence }),
    ...(gpuPoolToken && { gpuPoolToken }),
    ...(gpuSecretsToken && { gpuSecretsToken }),
    ...(errorTrackingDsn && { errorTrackingDsn }),
    decommissioned: decommission !== undefined,
  };
}

/** Who is told when something is wrong, with what is secret about it. */
function alertsOf({ alerts, secrets }: EnvironmentConfig): Deployment["alerts"] {
  const { emails, slackChannel, smtp, pagerDuty, escalation, workingHours } = alerts;
  const slackWebhook = secretOutput(secrets.slackWebhook);
  const smtpPassword = secretOutput(secrets.smtpPassword);
  const pagerDutyRoutingKey = secretOutput(secrets.pagerDutyRoutingKey);
  const heartbeatUrl = secretOutput(secrets.heartbeatUrl);
  return {
    emails,
    workingHours,
    ...(slackChannel !== undefined && { slackChannel }),
    ...(slackWebhook && { slackWebhook }),
    ...(smtp && { smtp }),
    ...(smtpPassword && { smtpPassword }),
    ...(pagerDuty && { pagerDuty }),
    ...(pagerDutyRoutingKey && { pagerDutyRoutingKey }),
    ...(escalation && { escalation }),
    ...(heartbeatUrl && { heartbeatUrl }),
  };
}

function secretOutput(value: SecretValue | undefined): pulumi.Output<string> | undefined {
  return value && pulumi.secret(value.secure);
}
