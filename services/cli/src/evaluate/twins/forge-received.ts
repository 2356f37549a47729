/**
 * Returned headers into which a forger has written our relay: below the line of the host that saw him.
 *
 * Everything above that line was written after the message left his hands, so these are the places that he has.
 */
import { type HeaderList, readHeader } from "@triage/message";
import { compileSite, firstForeignHop, returnedPath } from "@triage/provenance";
import type { DsnReport } from "@triage/reports";
import { STRANGER, strangerTo } from "./twin-sites.ts";

export interface Forgery {
  readonly variant: string;
  readonly report: DsnReport;
}

/** @returns One report for each place and form; none where the chain has no line below which he could write. */
export function forgeRelay(report: DsnReport): readonly Forgery[] {
  const { headers } = report.returned;
  const lines = headers?.all("received") ?? [];
  if (headers === undefined || lines.length === 0) return [];
  const first = lineThatSawHim(report);
  const places = new Set([first, Math.ceil((first + lines.length) / 2), lines.length]);
  return [...places].flatMap((line) =>
    forgedLines(headers, report.reportingMta).map(({ form, text }) => ({
      variant: `${form} below line ${line} of ${lines.length}`,
      report: { ...report, returned: { ...report.returned, headers: insertBelow(headers, line, text) } },
    })),
  );
}

/** The line of the first foreign client; where none is seen, the whole chain belongs to the bounced site. */
function lineThatSawHim(report: DsnReport): number {
  const lines = report.returned.headers?.all("received") ?? [];
  const seen = firstForeignHop(report, compileSite(strangerTo()));
  return seen === undefined ? lines.length : seen.line;
}

function forgedLines(
  headers: HeaderList,
  reporter: string | undefined,
): readonly { readonly form: string; readonly text: string }[] {
  const by = returnedPath(headers)[0]?.by ?? reporter ?? "mx.example";
  const { relay, address } = STRANGER;
  const topmost = headers.first("received")?.rawValue ?? "";
  const date = topmost.slice(topmost.lastIndexOf(";") + 1).trim();
  const written = `Received: from desk (unknown [10.0.0.5])\r\n\tby ${relay} (Postfix) with ESMTPSA id 4F0001; ${date}\r\n`;
  const seen = `Received: from ${relay} (${relay} [${address}])\r\n\tby ${by} (Postfix) with ESMTPS id 4F0002; ${date}\r\n`;
  return [
    { form: "line of our relay", text: written },
    { form: "chain from our relay", text: seen + written },
  ];
}

/** @param line Counts Received fields from the top, starting at 1. */
function insertBelow(headers: HeaderList, line: number, text: string): HeaderList {
  let seen = 0;
  let forged = "";
  for (const field of headers.fields) {
    forged += field.raw.endsWith("\n") ? field.raw : `${field.raw}\r\n`;
    if (field.name !== "received") continue;
    seen += 1;
    if (seen === line) forged += text;
  }
  return readHeader(Buffer.from(forged, "latin1"));
}
