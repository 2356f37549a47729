/**
 * SPF (RFC 7208), evaluated by mailauth with our own DNS.
 *
 * mailauth loads a hundred modules in some 200 ms, so it is imported by the first question, and never by a site that
 * does not ask.
 */
import { domainToASCII } from "node:url";
import { formatAddress } from "@triage/message";
import type { SpfAnswer, SpfPort } from "@triage/provenance";
import type { DnsAnswer, DnsClient, DnsType } from "./dns-client.ts";

/** LIMIT: for all look-ups of one evaluation, which may be some forty (RFC 7208 section 4.6.4 wants at least 20 s). */
const MAX_EVALUATION_MS = 20_000;
/** LIMIT: of a record or an error that is quoted in a sentence for a person. */
const MAX_QUOTED_CHARS = 160;

/** What of mailauth's result is used; `comment` is `MTA: ... lookup of SENDER: what is wrong`. */
interface Evaluation {
  readonly status: { readonly result: string; readonly comment?: string | false };
  readonly rr?: string;
}

/** Makes the `spf` port of provenance. */
export function spfCheckerOf(dns: DnsClient): SpfPort {
  const resolver = resolverFor(dns);
  return {
    async check({ ip, helo, reversePath }) {
      // A record stands under the A-label (RFC 5890), whichever form the mail had.
      const domain = domainToASCII(reversePath.domain) || reversePath.domain;
      const sender = formatAddress({ ...reversePath, domain });
      const { spf } = await import("mailauth/lib/spf/index.js");
      // mta: for the macro %{r}; mailauth would tell the name of this machine to the domain's name servers.
      const evaluation = spf({ sender, ip, helo: helo ?? domain, mta: "unknown", resolver });
      return answerOf(await withinTime(evaluation), domain, sender);
    },
  };
}

function answerOf(evaluation: Evaluation | "too-slow", domain: string, sender: string): SpfAnswer {
  if (evaluation === "too-slow") return { result: "temperror", domain, detail: "it takes too long" };
  const { status, rr: record } = evaluation;
  const result = resultOf(status.result);
  if (result === "none") return { result, domain, detail: "there is no SPF record" };
  if (result === "pass" && record !== undefined && permitsAll(record)) {
    return { result: "neutral", domain, detail: `it permits every address: ${quoted(record)}` };
  }
  if (result === "permerror" || result === "temperror") {
    const marker = `lookup of ${sender}: `;
    const comment = status.comment || "";
    const at = comment.indexOf(marker);
    return { result, domain, detail: at < 0 ? "unknown error" : quoted(comment.slice(at + marker.length)) };
  }
  return { result, domain, detail: record === undefined ? "unknown record" : quoted(record) };
}

/** RFC 7208 section 2.6; whatever else mailauth may say decides nothing. */
function resultOf(result: string): SpfAnswer["result"] {
  switch (result) {
    case "pass":
    case "fail":
    case "softfail":
    case "neutral":
    case "none":
    case "permerror":
    case "temperror":
      return result;
    default:
      return "permerror";
  }
}

/** `+all` and networks of prefix length 0: then a pass proves nothing, whichever mechanism gave it. */
function permitsAll(record: string): boolean {
  return record
    .toLowerCase()
    .split(/\s+/)
    .some((term) => /^\+?all$/.test(term) || (term.endsWith("/0") && !/^[-~?]/.test(term)));
}

function quoted(text: string): string {
  return text.length > MAX_QUOTED_CHARS ? `${text.slice(0, MAX_QUOTED_CHARS)}...` : text;
}

/** The resolver that mailauth wants: it tells void look-ups from failures by the code of the error. */
function resolverFor(dns: DnsClient): (name: string, type: string) => Promise<string[]> {
  return async (name, type) => {
    const answer: DnsAnswer<unknown> = await dns.ask(name, typeOf(type));
    // Its type knows only texts, but it takes what node:dns gives: lists of strings for TXT, objects for MX (which it sorts).
    if (answer.kind === "found") return [...answer.records] as string[];
    if (answer.kind === "none") throw dnsError(answer.reason === "no-name" ? "ENOTFOUND" : "ENODATA", name);
    // QUIRK(mailauth): of failures inside include: and redirect= it only minds ETIMEOUT; others would become a "fail".
    throw dnsError("ETIMEOUT", answer.detail);
  };
}

function typeOf(type: string): DnsType {
  switch (type) {
    case "TXT":
    case "A":
    case "AAAA":
    case "MX":
    case "PTR":
      return type;
    default:
      throw new Error(`SPF does not ask for ${type} records`);
  }
}

function dnsError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

async function withinTime<Result>(work: Promise<Result>): Promise<Result | "too-slow"> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<"too-slow">((resolve) => {
    timer = setTimeout(resolve, MAX_EVALUATION_MS, "too-slow");
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
