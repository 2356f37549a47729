/** What this project reads of a report of the zoo, beside what the scenario says that it must. */
import { formatAddress, readMessage } from "@triage/message";
import { type DsnRecipient, readReport } from "@triage/reports";
import type { ExpectedRecipient, Scenario } from "./scenarios.ts";

/** Prints one line for each recipient, and what is missing or differs. */
export function printReading(scenario: Scenario, file: string, raw: Buffer): void {
  const report = readReport(readMessage(raw), { reversePath: undefined, forwardPaths: [] });
  const { form, messageId } = report.returned;
  const head = `  ${scenario.id.padEnd(18)} ${file.padEnd(8)}`;
  if (report.kind !== "dsn") {
    console.log(`${head} NOT A DSN: ${report.kind}`);
    return;
  }
  for (const recipient of report.recipients) {
    const { action, status, replyCode, reason } = recipient;
    const words = [nameOf(recipient), action, status ?? "-", replyCode ?? "-", reason, form, report.format];
    const differences = differencesOf(scenario, recipient);
    console.log(`${head} ${words.join(" ")}${differences.length > 0 ? `   DIFFERS: ${differences.join(", ")}` : ""}`);
  }
  if (report.recipients.length === 0) console.log(`${head} NO RECIPIENT`);
  if (scenario.expected !== undefined && messageId !== `<order-4711.${scenario.id}@example.com>`)
    console.log(`${head} MESSAGE-ID ${messageId}`);
}

function differencesOf(scenario: Scenario, recipient: DsnRecipient): readonly string[] {
  if (scenario.expected === undefined) return [];
  const expected = scenario.expected.find((one) => one.address === nameOf(recipient));
  if (expected === undefined) return ["nobody expected this recipient"];
  const isLast = recipient.action !== "delayed";
  const keys = ["status", "replyCode", ...(isLast ? ["reason" as const] : [])] as const;
  return keys.flatMap((key: keyof ExpectedRecipient & keyof DsnRecipient) =>
    expected[key] === undefined || expected[key] === recipient[key] ? [] : [`${key} should be ${expected[key]}`],
  );
}

function nameOf({ address, addressText }: DsnRecipient): string {
  return address === undefined ? addressText : formatAddress(address);
}
