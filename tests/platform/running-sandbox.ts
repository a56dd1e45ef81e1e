/** What a running sandbox tells of itself, each port another. */
export const runningSandbox = {
  ports: {
    api: 1,
    spaces: 2,
    digitalocean: 3,
    kubernetes: 4,
    random: 5,
    admin: 6,
    registry: 7,
    tls: 8,
    "docker-build": 9,
  },
  apiToken: "dop_v1_x",
  spacesAccessKeyId: "DO1",
  spacesSecretAccessKey: "s",
};
