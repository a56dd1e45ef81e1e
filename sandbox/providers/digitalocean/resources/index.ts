import type { ResourceDefinition } from "../dsl/resource.ts";
import { cdn } from "./cdn.ts";
import { certificate } from "./certificate.ts";
import { containerRegistries } from "./container-registries.ts";
import { containerRegistry } from "./container-registry.ts";
import { containerRegistryDockerCredentials } from "./container-registry-docker-credentials.ts";
import { databaseCluster } from "./database-cluster.ts";
import { databaseConnectionPool } from "./database-connection-pool.ts";
import { databaseDb } from "./database-db.ts";
import { databaseFirewall } from "./database-firewall.ts";
import { databaseLogsinkOpensearch } from "./database-logsink-opensearch.ts";
import { databaseLogsinkRsyslog } from "./database-logsink-rsyslog.ts";
import { databasePostgresqlConfig } from "./database-postgresql-config.ts";
import { databaseReplica } from "./database-replica.ts";
import { databaseUser } from "./database-user.ts";
import { databaseValkeyConfig } from "./database-valkey-config.ts";
import { dnsRecord } from "./dns-record.ts";
import { domain } from "./domain.ts";
import { droplet } from "./droplet.ts";
import { dropletAutoscale } from "./droplet-autoscale.ts";
import { firewall } from "./firewall.ts";
import { kubernetesCluster } from "./kubernetes-cluster.ts";
import { kubernetesNodePool } from "./kubernetes-node-pool.ts";
import { loadBalancer } from "./load-balancer.ts";
import { monitorAlert } from "./monitor-alert.ts";
import { project } from "./project.ts";
import { projectResources } from "./project-resources.ts";
import { reservedIp } from "./reserved-ip.ts";
import { reservedIpAssignment } from "./reserved-ip-assignment.ts";
import { spacesBucket } from "./spaces-bucket.ts";
import { spacesBucketCorsConfiguration } from "./spaces-bucket-cors-configuration.ts";
import { spacesBucketPolicy } from "./spaces-bucket-policy.ts";
import { spacesKey } from "./spaces-key.ts";
import { sshKey } from "./ssh-key.ts";
import { tag } from "./tag.ts";
import { uptimeAlert } from "./uptime-alert.ts";
import { uptimeCheck } from "./uptime-check.ts";
import { volume } from "./volume.ts";
import { volumeAttachment } from "./volume-attachment.ts";
import { vpc } from "./vpc.ts";
import { vpcNatGateway } from "./vpc-nat-gateway.ts";

/** Every type of resource that the stand-in serves. */
export const resourceDefinitions: readonly ResourceDefinition[] = [
  cdn,
  certificate,
  containerRegistries,
  containerRegistryDockerCredentials,
  containerRegistry,
  databaseCluster,
  databaseConnectionPool,
  databaseDb,
  databaseFirewall,
  databaseLogsinkOpensearch,
  databaseLogsinkRsyslog,
  databasePostgresqlConfig,
  databaseReplica,
  databaseUser,
  databaseValkeyConfig,
  dnsRecord,
  domain,
  dropletAutoscale,
  droplet,
  firewall,
  kubernetesCluster,
  kubernetesNodePool,
  loadBalancer,
  monitorAlert,
  projectResources,
  project,
  reservedIpAssignment,
  reservedIp,
  spacesBucketCorsConfiguration,
  spacesBucketPolicy,
  spacesBucket,
  spacesKey,
  sshKey,
  tag,
  uptimeAlert,
  uptimeCheck,
  volumeAttachment,
  volume,
  vpcNatGateway,
  vpc,
];
