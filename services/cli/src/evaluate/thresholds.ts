/** The numbers of an evaluation that can be held against a threshold. */
import type { Field } from "./compare.ts";
import type { Evaluation, Row } from "./evaluate-corpus.ts";
import { NO_BOUNCE_KINDS } from "./label-kind.ts";

/** What one number is about: a field, of all rows or of those kinds or sources. */
interface Measure {
  readonly field: Field;
  readonly kinds?: readonly string[];
  readonly sources?: readonly string[];
  readonly means: string;
}

/** Shares in percent, each `--min-NAME PERCENT`. A source that knows a field best is the one that it is measured on. */
export const MEASURES = {
  recognised: { field: "recognised", kinds: ["dsn-rfc3464", "dsn-nonstandard"], means: "bounces recognised" },
  delays: { field: "recognised", kinds: ["delayed"], means: "delay warnings recognised" },
  feedback: { field: "recognised", kinds: ["arf", "arf-dmarc-failure"], means: "feedback reports recognised" },
  autoreply: { field: "recognised", kinds: ["autoreply"], means: "automatic replies recognised" },
  recipients: { field: "recipients", sources: ["flufl"], means: "recipients exact, of flufl's samples" },
  "final-recipients": { field: "finalRecipients", means: "Final-Recipients exact" },
  status: { field: "status", sources: ["sisimai"], means: "status exact, of Sisimai's samples" },
  "reply-code": { field: "replyCode", sources: ["sisimai"], means: "reply code exact, of Sisimai's samples" },
  reason: { field: "reason", sources: ["sisimai"], means: "reason exact, of Sisimai's samples" },
  action: { field: "action", means: "action exact" },
  "returned-form": { field: "returnedForm", means: "form of the returned message exact" },
  "message-id": { field: "messageId", means: "Message-ID of the returned message exact" },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof MEASURES;
export const MEASURE_NAMES = Object.keys(MEASURES) as readonly MeasureName[];

export interface Thresholds {
  /** Least share in percent. */
  readonly minimums: Partial<Readonly<Record<MeasureName, number>>>;
  /** Most messages that are no bounce and may be called one. */
  readonly maxFalseBounces: number | undefined;
}

/** Percentage; undefined when no label is about it. */
export function measure(evaluation: Evaluation, name: MeasureName): number | undefined {
  const { field, kinds, sources }: Measure = MEASURES[name];
  const about = (row: Row) => (kinds?.includes(row.kind) ?? true) && (sources?.includes(row.source) ?? true);
  let right = 0;
  let total = 0;
  for (const row of evaluation.rows.filter(about)) {
    right += row.fields[field]?.right ?? 0;
    total += row.fields[field]?.total ?? 0;
  }
  return total === 0 ? undefined : (100 * right) / total;
}

/** How much mail there is that is no bounce, and how much of it was called one. */
export function countFalseBounces(evaluation: Evaluation): { readonly wrong: number; readonly total: number } {
  const rows = evaluation.rows.filter((row) => NO_BOUNCE_KINDS.some((kind) => kind === row.kind));
  const total = rows.reduce((sum, row) => sum + row.messages, 0);
  return { wrong: total - rows.reduce((sum, row) => sum + (row.fields.recognised?.right ?? 0), 0), total };
}

/** One sentence for each threshold that is missed; one about which the corpus says nothing is missed, too. */
export function checkThresholds(evaluation: Evaluation, thresholds: Thresholds): readonly string[] {
  const failures: string[] = [];
  for (const name of MEASURE_NAMES) {
    const minimum = thresholds.minimums[name];
    if (minimum === undefined) continue;
    const percent = measure(evaluation, name);
    const { means } = MEASURES[name];
    if (percent === undefined) failures.push(`${means}: the corpus has no label for --min-${name}`);
    else if (percent < minimum) failures.push(`${means}: ${percent.toFixed(2)} % is below --min-${name} ${minimum}`);
  }
  const { maxFalseBounces } = thresholds;
  const { wrong, total } = countFalseBounces(evaluation);
  if (maxFalseBounces !== undefined && total === 0)
    failures.push("--max-false-bounces: there is no mail here that is no bounce");
  if (maxFalseBounces !== undefined && wrong > maxFalseBounces) {
    failures.push(
      `${wrong} of ${total} messages that are no bounce were called one: --max-false-bounces ${maxFalseBounces}`,
    );
  }
  return failures;
}
