/**
 * Apache James: mailet/.../AbstractNotify.java ("Error message below:", "Message details:"); also vtext.com (Verizon),
 * which runs it.
 */
import type { Dialect, DialectFinding } from "./dialect.ts";
import { firstAddress, joinLines } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";

export const james: Dialect = defineDialect({
  name: "james",
  source: "james-project mailet/standard: AbstractNotify.java, NotifyMailetsMessage.java",
  markers: ["error message below:", "message details:"],
  also: (input) => /^[ \t]+RCPT TO: /m.test(input.text),
  parse: (_report, input) => readDetails(input.text.split("\n")),
});

/** The details are indented by two: `  RCPT TO: joe@example.net`, more recipients below each other. */
function readDetails(lines: readonly string[]): DialectFinding {
  const words: string[] = [];
  const addresses: string[] = [];
  let isDetail = false;
  for (const line of lines) {
    if (line.startsWith("Message details:")) isDetail = true;
    else if (!isDetail) words.push(line);
    else if (/^\s+RCPT TO: /.test(line) || (addresses.length > 0 && /^\s{10,}[^\s@]+@[^\s@]+$/.test(line))) {
      const address = firstAddress(line);
      if (address) addresses.push(address);
    } else if (addresses.length > 0) break;
  }
  const diagnostic = joinLines(words);
  return { recipients: addresses.map((addressText) => ({ addressText, ...(diagnostic && { diagnostic }) })) };
}
