import { secretsInScript } from "../../secrets/texts.ts";
import { machineRule } from "./machine.ts";

export const refuseSecretsInUserData = machineRule({
  name: "refuse-secrets-in-user-data",
  description:
    "User data holds no secret: every process of the droplet reads it from the metadata service, and DigitalOcean's API shows it for as long as the droplet is there.",
  remedy:
    "deliver it when the droplet is up, as docs/gpu-pool.md has it, or have the droplet fetch it with a token that is good for once",
  severity: "critical",
  references: [
    { framework: "SOC 2", id: "CC6.1" },
    { framework: "ISO 27001", id: "A.8.24" },
    { framework: "GDPR", id: "Article 32" },
  ],
  check: ({ userData }, report) => {
    for (const secret of secretsInScript(userData ?? "")) report(`it holds ${secret}`, "userData");
  },
});
