import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { text } from "node:stream/consumers";
import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import { selfSigned } from "../../../sandbox/cloud/support/certificates.ts";

/** What somebody was told, and by what way. */
export interface Told {
  readonly way: "slack" | "pagerDuty" | "heartbeat" | "email";
  /** Address of an e-mail's reader. @default it is no e-mail */
  readonly to?: string;
  /** What was posted, or the parts of the e-mail. */
  readonly body: Readonly<Record<string, unknown>>;
  /** When, in milliseconds of the epoch. */
  readonly atMs: number;
}

/** Whether something was told by a way, to somebody if that is said, with all of these texts in it. */
export function tells(way: Told["way"], ...texts: readonly string[]): (told: Told) => boolean {
  return (told) => told.way === way && mentions(...texts)(told);
}

/** Whether an e-mail went to an address, with all of these texts in it. */
export function mailTo(address: string, ...texts: readonly string[]): (told: Told) => boolean {
  return (told) => told.to === address && tells("email", ...texts)(told);
}

/** Whether all of these texts are in it, whatever way it came. */
export function mentions(...texts: readonly string[]): (told: Told) => boolean {
  return ({ body }) => {
    const content = JSON.stringify(body);
    return texts.every((each) => content.includes(JSON.stringify(each).slice(1, -1)));
  };
}

/** What arrives, for those who wait for it. */
export class Inbox {
  readonly all: Told[] = [];
  readonly #waiting = new Set<() => void>();

  add(told: Omit<Told, "atMs">): void {
    this.all.push({ ...told, atMs: Date.now() });
    for (const look of this.#waiting) look();
  }

  /** Waits until something has arrived that fits: the test's own limit is the only one. */
  first(fits: (told: Told) => boolean): Promise<Told> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.all.find(fits);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      look();
    });
  }
}

/** Slack, PagerDuty, who waits for a sign of life, and a mail server, on ports of their own. */
export interface Receiving {
  readonly inbox: Inbox;
  readonly addresses: Record<"slack" | "pagerDuty" | "heartbeat", string>;
  readonly mailPort: number;
  /** PEM of the authority that whoever sends e-mail must trust. */
  readonly mailAuthority: string;
  close(): Promise<void>;
}

/** Name and password that the mail server lets in. */
export const mailUser = { user: "apikey", password: "mail-password" } as const;

/** What each answers, as the services that they stand for do. */
const answers = {
  slack: { status: 200, text: "ok" },
  pagerDuty: { status: 202, text: '{"status":"success"}' },
  heartbeat: { status: 200, text: "OK" },
} as const;

const isWay = (name: string): name is keyof typeof answers => Object.hasOwn(answers, name);

const onLoopback = async (server: Server | SMTPServer): Promise<void> =>
  new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve());
  });

const portOf = (server: Server) => (server.address() as AddressInfo).port;

function webhooks(inbox: Inbox) {
  const receive = async (request: IncomingMessage): Promise<{ status: number; text: string }> => {
    const way = request.url?.slice(1) ?? "";
    const body = JSON.parse(await text(request));
    if (!isWay(way)) return { status: 404, text: "" };
    inbox.add({ way, body });
    return answers[way];
  };
  return createServer((request, response) => {
    receive(request).then(
      (answer) => response.writeHead(answer.status).end(answer.text),
      // Whoever sends was ended in the middle of it.
      () => response.destroy(),
    );
  });
}

/** Lets nobody in but who signs in after STARTTLS. */
function mailServer(inbox: Inbox, certificate: string, key: string): SMTPServer {
  const server = new SMTPServer({
    cert: certificate,
    key,
    authMethods: ["PLAIN"],
    closeTimeout: 1000,
    disableReverseLookup: true,
    onAuth: ({ username, password }, session, done) => {
      const known = session.secure && username === mailUser.user && password === mailUser.password;
      done(known ? null : new Error("not let in"), { user: username });
    },
    onData: (stream, { envelope }, done) => {
      text(stream)
        .then((message) => PostalMime.parse(message))
        .then(({ subject, from, text: written, html }) => {
          for (const { address } of envelope.rcptTo) {
            const body = { subject, from: from?.address, text: written, html };
            inbox.add({ way: "email", to: address, body });
          }
          done();
        }, done);
    },
  });
  // Without a listener, a client that was ended in the middle of it would end the test too.
  server.on("error", () => {});
  return server;
}

/** Starts all who receive. */
export async function startReceiving(): Promise<Receiving> {
  const inbox = new Inbox();
  const { certificate, key } = await selfSigned("localhost", 10, Date.now());
  const http = webhooks(inbox);
  const mail = mailServer(inbox, certificate, key);
  await Promise.all([onLoopback(http), onLoopback(mail)]);
  const address = (way: string) => `http://127.0.0.1:${portOf(http)}/${way}`;
  return {
    inbox,
    addresses: {
      slack: address("slack"),
      pagerDuty: address("pagerDuty"),
      heartbeat: address("heartbeat"),
    },
    mailPort: portOf(mail.server),
    mailAuthority: certificate,
    close: async () => {
      http.closeAllConnections();
      await Promise.all([
        new Promise((resolve) => http.close(resolve)),
        new Promise<void>((resolve) => mail.close(resolve)),
      ]);
    },
  };
}
