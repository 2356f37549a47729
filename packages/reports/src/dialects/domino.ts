/**
 * HCL (Lotus, IBM) Notes and Domino: "Your message ... was not delivered to: ... because: ..." (router texts, strings of
 * the server's language), and the Lotus SMTP MTA 4 ("Failure Reasons", where the reason stands above the address).
 */
import type { Dialect, DialectFinding, DialectRecipient } from "./dialect.ts";
import { joinLines, loneAddress } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

/** "was not delivered to:" and "because:" in the languages of the server. */
const NOT_DELIVERED: readonly string[] = [
  "was not delivered to:",
  "wurde nicht zugestellt an:",
  "konnte nicht zugestellt werden an:",
  "n'a pas été remis à :",
  "n'a pas été distribué à :",
  "no se entregó a:",
  "no se ha entregado a:",
  "não foi entregue a:",
  "não foi entregue para:",
  "non è stato recapitato a:",
  "non è stato consegnato a:",
  "is niet bezorgd bij:",
  "не было доставлено:",
  "は、次の宛先に配信されませんでした:",
  "次の宛先に送信できませんでした",
];

const BECAUSE =
  /^(?:because|weil|da|aus folgendem Grund|car|raison|porque|perché|motivo|omdat|потому что|理由|原因)\s?[:：]?$/i;

export const domino: Dialect = defineDialect({
  name: "domino",
  source: "HCL Domino router: $FailureReason texts",
  markers: NOT_DELIVERED,
  parse: readBecause,
});

function readBecause(report: ReportText): DialectFinding {
  const addresses: string[] = [];
  const reason: string[] = [];
  let part: "before" | "list" | "reason" = "before";
  for (const line of report.lines) {
    const bare = line.trim();
    if (part === "before") {
      if (NOT_DELIVERED.some((words) => bare.toLowerCase().includes(words))) part = "list";
    } else if (BECAUSE.test(bare)) part = "reason";
    else if (part === "reason") reason.push(bare);
    else if (loneAddress(bare)) addresses.push(loneAddress(bare) as string);
  }
  const diagnostic = joinLines(reason);
  return finding(
    addresses.map((addressText) => ({ addressText, ...(diagnostic && { diagnostic }) })),
    report,
  );
}

export const lotusSmtp: Dialect = defineDialect({
  name: "lotus-smtp",
  source: 'Lotus SMTP MTA 4.6: "Undeliverable message"',
  markers: ["------- failure reasons"],
  parse: readFailureReasons,
});

function readFailureReasons(report: ReportText): DialectFinding {
  const recipients: DialectRecipient[] = [];
  let words: string[] = [];
  for (const line of report.lines) {
    const address = loneAddress(line);
    if (address) {
      const diagnostic = joinLines(words);
      recipients.push({ addressText: address, ...(diagnostic && { diagnostic }) });
      words = [];
    } else if (!line.includes("Failure Reasons")) words.push(line);
  }
  return finding(recipients, report);
}

function finding(recipients: readonly DialectRecipient[], report: ReportText): DialectFinding {
  return { recipients, ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }) };
}
