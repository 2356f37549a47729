/** From the facts and decisions of the five stages to the one JSON shape that every tool sees. Pure. */
import { type Address, formatAddress, type ReversePath } from "@triage/message";
import type { DsnRecipient, Report, Returned } from "@triage/reports";
import type { Route } from "@triage/routing";
import type { Verdict } from "@triage/scoring";
import type { Classification } from "./classification.ts";

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out what is not known, so that a JSON reader never meets `null`. A loop: entries and back cost three times as much. */
function defined<T extends object>(fields: T): Defined<T> {
  const known: Record<string, unknown> = {};
  for (const name in fields) if (fields[name] !== undefined) known[name] = fields[name];
  return known as Defined<T>;
}

function addressText(address: Address | undefined): string | undefined {
  return address === undefined ? undefined : formatAddress(address);
}

/** `<>` for the null reverse-path, undefined for an unknown one. */
export function describeReversePath(path: ReversePath | undefined): string | undefined {
  if (path === undefined) return undefined;
  return path.kind === "null" ? "<>" : formatAddress(path);
}

function describeRecipient(recipient: DsnRecipient): NonNullable<Classification["report"]["recipients"]>[number] {
  const { action, status, replyCode, reason, reasonRule, permanent, diagnostic, remoteMta } = recipient;
  const address = addressText(recipient.address) ?? recipient.addressText;
  return defined({ address, action, status, replyCode, reason, reasonRule, permanent, diagnostic, remoteMta });
}

function describeReport(report: Report): Classification["report"] {
  const { kind } = report;
  const defects = report.defects.length > 0 ? report.defects.map(({ code, detail }) => ({ code, detail })) : undefined;
  if (report.kind === "dsn") {
    const { format, reportingMta } = report;
    return defined({ kind, format, reportingMta, recipients: report.recipients.map(describeRecipient), defects });
  }
  return defined({ kind, feedbackType: report.kind === "feedback" ? report.feedbackType : undefined, defects });
}

function describeReturned(returned: Returned): Classification["returned"] {
  const { form, messageId, subject } = returned;
  const reversePath = describeReversePath(returned.reversePath);
  return defined({ form, from: addressText(returned.from), reversePath, messageId, subject });
}

/**
 * The JSON of one classified message (without `path`, which only the CLI knows).
 *
 * @returns A new object that shares no mutable part with its arguments; fields that are not known are left out.
 */
export function describeClassification(report: Report, verdict: Verdict, route: Route): Classification {
  const { advice, fingerprint } = route;
  return {
    verdict: verdict.verdict,
    score: verdict.score,
    scores: verdict.scores,
    route: route.route,
    actionable: route.actionable,
    why: verdict.why,
    ...(advice !== undefined && { advice }),
    rule: route.rule,
    urgency: route.urgency,
    ...(fingerprint !== undefined && { fingerprint }),
    report: describeReport(report),
    returned: describeReturned(report.returned),
    evidence: verdict.evidence.map(({ check, outcome, weight, detail }) => ({ check, outcome, weight, detail })),
  };
}
