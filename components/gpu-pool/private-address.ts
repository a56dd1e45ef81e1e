import { unitFile } from "./unit-file.ts";

const metadataUrl = "http://169.254.169.254/metadata/v1/interfaces/private/0/ipv4/address";

/** Where the droplet's address inside the VPC stands, as `PRIVATE_ADDRESS`, for units to read. */
export const privateAddressFile = "/run/whisper/address.env";

/** The unit that finds the address out; what publishes a port requires it. */
export const privateAddressUnit = "whisper-address.service";

/** The systemd unit that asks DigitalOcean's metadata service for the droplet's address inside the VPC, until it answers. */
export function privateAddressService(): string {
  return unitFile({
    Unit: {
      Description: "Address of this droplet inside its VPC",
      After: "network-online.target",
      Wants: "network-online.target",
      StartLimitIntervalSec: "0",
    },
    Service: {
      Type: "oneshot",
      RemainAfterExit: "yes",
      RuntimeDirectory: "whisper",
      ExecStart: `/bin/sh -c 'address=$$(curl --fail --silent --retry 5 ${metadataUrl}) && test -n "$$address" && echo PRIVATE_ADDRESS=$$address > ${privateAddressFile}'`,
      Restart: "on-failure",
      RestartSec: "5",
    },
  });
}

/**
 * What a unit says that publishes ports on the private address. Without the file systemd does not start it, and tries
 * again: with an empty address Docker would publish the ports on every address there is.
 */
export const needsPrivateAddress = {
  unit: {
    Requires: "docker.service",
    Wants: privateAddressUnit,
    After: `docker.service ${privateAddressUnit}`,
    StartLimitIntervalSec: "0",
  },
  service: { EnvironmentFile: privateAddressFile, Restart: "always", RestartSec: "5" },
} as const;

/** Docker's flag for a port that is open inside the VPC only. @param containerPort Default: the same. */
export const publishedPrivately = (port: number, containerPort = port): string =>
  `--publish $\{PRIVATE_ADDRESS}:${port}:${containerPort}`;
