/**
 * Delivery to a mail server, by SMTP or LMTP, over pools of connections, to the first of several hosts that takes it.
 *
 * The reverse-path is null (RFC 5321 section 4.5.5): a mail that cannot be delivered must never come back to
 * postmaster@ as a bounce and be triaged again. What the server says decides (RFC 5321 section 4.2.1): 4yz and
 * everything about the connection is retried, 5yz for a recipient or the message is permanent.
 *
 * Fall-over: whoever got a temporary answer from one host is asked for at the next; a permanent answer is final. A host
 * that failed as such (no connection, greeting, TLS, login, 421) is asked last for a minute.
 *
 * LIMIT: an 8-bit original goes out as it is even to a server without 8BITMIME (RFC 6152), and an internationalised
 * address to one without SMTPUTF8 (RFC 6531); all current MTAs have the first, and refuse the second where they lack it.
 */
import type { LmtpConfig, SmtpConfig } from "@triage/runtime";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import { type MailConnection, openMailConnection } from "./mail-connection.ts";
import type { Outlet, OutletResult } from "./outlet.ts";

/** A password that is refused every second locks us out; a host that is down costs each mail its time limit. */
const HOST_REST_MS = 60_000;

interface HostState {
  readonly connection: MailConnection;
  /** Asked last until then; 0: it works. */
  restsUntil: number;
}

export function openSmtpOutlet(config: SmtpConfig | LmtpConfig, now: () => number = Date.now): Outlet {
  const hosts: readonly HostState[] = config.hosts.map((host) => ({
    connection: openMailConnection(host, config),
    restsUntil: 0,
  }));
  const inProgress = new Set<Promise<unknown>>();
  return {
    id: config.id,
    lineEnd: "crlf",
    deliver(mail, recipients) {
      const sending = sendByAnyHost(mail, recipients, hosts, now);
      inProgress.add(sending);
      return sending.finally(() => inProgress.delete(sending));
    },
    async close() {
      await Promise.allSettled(inProgress);
      for (const { connection } of hosts) connection.close();
    },
  };
}

async function sendByAnyHost(
  mail: OutboundMail,
  recipients: readonly string[],
  hosts: readonly HostState[],
  now: () => number,
): Promise<readonly OutletResult[]> {
  const results = new Map<string, OutletResult>();
  let left = recipients;
  let answered = false;
  for (const host of inOrder(hosts, now())) {
    // Somebody who works has said "later": not worth the time limit of somebody who does not.
    if (answered && host.restsUntil > now()) continue;
    const answer = await host.connection.send(mail, left);
    host.restsUntil = answer.hostFailed ? now() + HOST_REST_MS : 0;
    answered ||= !answer.hostFailed;
    for (const result of answer.results) results.set(result.recipient, nameHost(result, host, hosts, results));
    left = left.filter((recipient) => results.get(recipient)?.outcome === "error");
    if (left.length === 0) break;
  }
  return recipients.map((recipient) => results.get(recipient) ?? { recipient, outcome: "error", detail: "no host" });
}

/** As configured; those that rest last, the one that has rested longest first. */
function inOrder(hosts: readonly HostState[], at: number): readonly HostState[] {
  const rank = ({ restsUntil }: HostState) => (restsUntil > at ? restsUntil : 0);
  return hosts.toSorted((a, b) => rank(a) - rank(b));
}

/** With several hosts, an error says what each of them said. */
function nameHost(
  result: OutletResult,
  { connection }: HostState,
  hosts: readonly HostState[],
  earlier: ReadonlyMap<string, OutletResult>,
): OutletResult {
  if (hosts.length === 1) return result;
  const detail = `${connection.name}: ${result.detail}`;
  const before = earlier.get(result.recipient);
  return {
    ...result,
    detail: before === undefined || result.outcome === "delivered" ? detail : `${before.detail}; ${detail}`,
  };
}
