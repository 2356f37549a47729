/**
 * A digest as HTML for mail programs: tables and attributes, nothing loaded from anywhere, no script. Pure.
 *
 * The charts are cells of tables with a background, and no picture: Outlook, Gmail and a phone show them as they are, with
 * pictures blocked and in the dark, and what they say stands beside them in words. No colour is set but those of the bars
 * and rules, which are seen on white and on black; the rest is the reader's own.
 */
import { escapeHtml } from "@triage/runtime";
import type { CausePage, DigestPage, EntryPage, KeptRow, TimelinePage } from "./digest-page.ts";
import { formatCount } from "./wall-clock.ts";

const BAR = "#4a86c8";
const RULE = "#8a8f98";
const TIMELINE_PIXELS = 48;
const TABLE = `role="presentation" cellpadding="0" cellspacing="0" border="0"`;

export function formatDigestHtml(page: DigestPage): string {
  const body = [
    `<h1 style="font-size:20px;margin:0 0 4px">${escapeHtml(page.subject.replace("[triage] ", ""))}</h1>`,
    paragraph(page.heading),
    paragraph(page.lead),
    listOf("Needs a look", page.attention),
    page.kept.length === 0 ? "" : keptTable(page.kept),
    page.timeline === undefined ? "" : timelineTable(page.timeline),
    causesOf("Undecided: please look at these", page.undecided),
    causesOf("What was kept, and why", page.causes),
    page.others === undefined ? "" : paragraph(page.others),
    sendersTable(page.senders),
    page.learning === undefined ? "" : paragraph(page.learning),
    ...page.footer.map(paragraph),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(page.subject)}</title>
<style>:root { color-scheme: light dark }</style>
</head>
<body style="font:15px/1.45 -apple-system,'Segoe UI',Helvetica,Arial,sans-serif;margin:0;padding:12px">
<div style="max-width:640px">
${body.filter((part) => part !== "").join("\n")}
</div>
</body>
</html>
`;
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 10px">${escapeHtml(text)}</p>`;
}

function heading(text: string): string {
  return `<h2 style="font-size:16px;margin:22px 0 6px">${escapeHtml(text)}</h2>`;
}

function listOf(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const items = lines.map((line) => `<li>${escapeHtml(line)}</li>`).join("\n");
  return `${heading(title)}\n<ul style="margin:0;padding-left:20px">\n${items}\n</ul>`;
}

function keptTable(rows: readonly KeptRow[]): string {
  const most = Math.max(...rows.map(({ messages }) => messages));
  const cell = `style="padding:2px 10px 2px 0;text-align:left;font-weight:normal"`;
  const lines = rows.map(
    ({ name, route, messages }) =>
      `<tr><th scope="row" ${cell}>${escapeHtml(name)}</th><td ${cell}>${escapeHtml(route)}</td>` +
      `<td align="right" style="padding:2px 10px 2px 0">${formatCount(messages)}</td>` +
      `<td width="28%">${barOf(messages / most)}</td></tr>`,
  );
  return `${heading("Kept")}\n<table cellpadding="0" cellspacing="0" border="0" width="100%">\n${lines.join("\n")}\n</table>`;
}

function barOf(share: number): string {
  const percent = Math.max(1, Math.round(share * 100));
  return (
    `<table ${TABLE} width="${percent}%" style="width:${percent}%"><tr>` +
    `<td height="12" bgcolor="${BAR}" style="height:12px;background:${BAR};font-size:0;line-height:0">&nbsp;</td></tr></table>`
  );
}

function timelineTable({ messages, words }: TimelinePage): string {
  const most = Math.max(...messages);
  const cells = messages.map((count) => {
    const pixels = count === 0 ? 1 : Math.max(2, Math.round((count / most) * TIMELINE_PIXELS));
    const colour = count === 0 ? RULE : BAR;
    return (
      `<td valign="bottom" style="vertical-align:bottom;padding:0 1px 0 0"><table ${TABLE} width="100%"><tr>` +
      `<td height="${pixels}" bgcolor="${colour}" style="height:${pixels}px;background:${colour};font-size:0;line-height:0"></td>` +
      "</tr></table></td>"
    );
  });
  return (
    `${heading("When")}\n<table ${TABLE} width="100%" height="${TIMELINE_PIXELS}"><tr>\n${cells.join("\n")}\n</tr></table>\n` +
    `<p style="margin:2px 0 10px;font-size:13px">${escapeHtml(words)}</p>`
  );
}

function causesOf(title: string, causes: readonly CausePage[]): string {
  return causes.length === 0 ? "" : [heading(title), ...causes.map(causeBlock)].join("\n");
}

function causeBlock({ title, messages, why, words, call, entries, more }: CausePage): string {
  const rest = more > 0 && entries.length > 0 ? `<p style="margin:4px 0 0">and ${formatCount(more)} more</p>` : "";
  return (
    `<div style="margin:0 0 14px;padding-top:8px;border-top:1px solid ${RULE}">` +
    `<p style="margin:0"><b>${formatCount(messages)} &times; ${escapeHtml(title)}</b></p>` +
    `<p style="margin:0">${escapeHtml(why)}</p>${words === undefined ? "" : quote(words)}` +
    `${call === undefined ? "" : `<p style="margin:0;font-size:13px">${escapeHtml(call)}</p>`}` +
    `${entries.map(entryBlock).join("")}${rest}</div>`
  );
}

function quote(text: string): string {
  return (
    `<p style="margin:4px 0;padding-left:8px;border-left:3px solid ${RULE};overflow-wrap:anywhere;word-break:break-word">` +
    `${escapeHtml(text)}</p>`
  );
}

function entryBlock({ id, when, sureness, from, subject, recipient, link }: EntryPage): string {
  const fields = [
    ["From", from],
    ["Subject", subject],
    ["About", recipient],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${escapeHtml(value)}`]));
  const action =
    link === undefined
      ? `<span style="font-size:13px">${escapeHtml(id)}</span>`
      : `<a href="${escapeHtml(link)}">Release&nbsp;it</a>`;
  return (
    `<div style="margin:8px 0 0;padding-left:8px;border-left:3px solid ${RULE};overflow-wrap:anywhere;word-break:break-word">` +
    `<span style="font-size:13px">${escapeHtml(when)}, ${escapeHtml(sureness)} sure</span><br>\n` +
    `${fields.map((field) => `${field}<br>\n`).join("")}${action}</div>`
  );
}

function sendersTable(senders: DigestPage["senders"]): string {
  if (senders.length === 0) return "";
  const rows = senders.map(
    ({ name, messages }) =>
      `<tr><td align="right" style="padding:1px 10px 1px 0">${formatCount(messages)}</td>` +
      `<td style="overflow-wrap:anywhere;word-break:break-word">${escapeHtml(name)}</td></tr>`,
  );
  return `${heading("Most came from")}\n<table cellpadding="0" cellspacing="0" border="0" style="margin:0 0 14px">\n${rows.join("\n")}\n</table>`;
}
