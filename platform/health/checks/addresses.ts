import { thresholds } from "../../../catalog/thresholds.ts";
import { type Check, judged, notAbove } from "../check.ts";
import { judgeDaysLeft } from "./certificates.ts";

/** Whether a public address answers, and in time. */
export const addressCheck = (name: string, url: string): Check => ({
  subject: "api",
  name,
  asked: `GET ${url}`,
  remedy: "docs/runbooks/SiteUnreachable.md or SiteSlow.md",
  ask: async (signal) => {
    const began = performance.now();
    const answer = await fetch(url, { signal, redirect: "follow" });
    await answer.arrayBuffer();
    const seconds = (performance.now() - began) / 1000;
    return judged(
      [
        { verdict: answer.ok ? "healthy" : "critical", text: `status ${answer.status}` },
        {
          verdict: notAbove(seconds, { warning: thresholds.responseSeconds }),
          text: `answered within ${seconds.toFixed(2)} s`,
        },
      ],
      { status: answer.status, seconds },
    );
  },
});

/** Whether the certificate that a host shows is valid there, and for long enough. */
export const handshakeCheck = (host: string, port = 443): Check => ({
  subject: "certificates",
  name: host,
  asked: `the certificate that ${host}:${port} shows`,
  remedy: "docs/runbooks/CertificateExpires.md",
  ask: async (signal) => {
    const { connect } = await import("node:tls");
    const validTo = await new Promise<string>((resolve, reject) => {
      const socket = connect({ host, port, servername: host }, () => {
        resolve(socket.getPeerCertificate().valid_to);
        socket.end();
      });
      socket.once("error", reject);
      signal.addEventListener("abort", () => socket.destroy(new Error("no answer in time")), { once: true });
    });
    return judgeDaysLeft([{ name: host, endsAtMs: Date.parse(validTo) }], Date.now());
  },
});
