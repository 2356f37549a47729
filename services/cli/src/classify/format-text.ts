/** One classified message for a person at a terminal. Colours only when asked for. */
import { styleText } from "node:util";
import type { Classification } from "@triage/contracts";

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;
type Recipient = NonNullable<Classification["report"]["recipients"]>[number];

const VERDICT_STYLES: Readonly<Record<Classification["verdict"], Style>> = {
  "genuine-dsn": "cyan",
  "user-report": "green",
  backscatter: "gray",
  automated: "gray",
  spam: "gray",
  undecided: "yellow",
};

/** Controls (C0, DEL, C1): mail must not be able to drive the terminal (a diagnostic text may hold escape sequences). */
const CONTROLS = /\p{Cc}/gu;
const clean = (text: string): string => text.replace(CONTROLS, "·");

export function formatText(result: { readonly path: string } & Classification, colours: boolean): string {
  const paint: Paint = (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
  const verdict = paint(VERDICT_STYLES[result.verdict], `${result.verdict} ${result.score.toFixed(3)}`);
  const urgency = result.urgency === undefined || result.urgency === "normal" ? "" : `, urgency ${result.urgency}`;
  const lines = [
    paint("bold", clean(result.path)),
    `  ${verdict} -> ${paint(result.actionable ? "bold" : "gray", result.route)}${urgency}`,
    `  ${clean(result.why)}`,
    ...(result.report.recipients ?? []).flatMap((recipient) => recipientLines(recipient, paint)),
    ...(result.advice === undefined ? [] : [`  To do: ${clean(result.advice)}`]),
    ...result.evidence.map((item) => evidenceLine(item, paint)),
  ];
  return `${lines.join("\n")}\n`;
}

export function formatError(path: string, error: string, colours: boolean): string {
  const text = `${clean(path)}: ${clean(error)}`;
  return colours ? styleText("red", text, { validateStream: false }) : text;
}

function recipientLines(recipient: Recipient, paint: Paint): string[] {
  const codes = [recipient.action, recipient.status, recipient.replyCode, recipient.reason].filter(Boolean).join(" ");
  const remote = recipient.remoteMta === undefined ? "" : ` (${clean(recipient.remoteMta)})`;
  const head = `  ${clean(recipient.address)}: ${codes}${remote}`;
  return recipient.diagnostic === undefined ? [head] : [head, paint("gray", `    ${clean(recipient.diagnostic)}`)];
}

function evidenceLine(item: Classification["evidence"][number], paint: Paint): string {
  const weight = (item.weight >= 0 ? "+" : "") + item.weight.toFixed(1);
  return paint("gray", `  ${weight.padStart(6)}  ${item.check} ${item.outcome}: ${clean(item.detail)}`);
}
