/**
 * The pages behind the links in mails: what the message is, one button, or why there is none.
 *
 * No script, nothing loaded from elsewhere, nothing kept by the browser. Subject and sender are written by strangers:
 * they are escaped, marked as quoted, and never a link. Readable by a screen reader, on a phone, and in the dark.
 */
import { createHash } from "node:crypto";
import { escapeHtml } from "@triage/runtime";

const STYLE = `
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }
h1 { font-size: 1.4rem }
dl { border-inline-start: .25rem solid; padding-inline-start: 1rem; overflow-wrap: anywhere }
dt { font-weight: 600 }
dd { margin: 0 0 .5rem }
button { font: inherit; font-weight: 600; padding: .6rem 1.4rem; border: 2px solid; border-radius: .4rem; cursor: pointer }
button:focus-visible { outline: 3px solid Highlight; outline-offset: 2px }
.small { font-size: .875rem }
`;

const styleHash = createHash("sha256").update(STYLE).digest("base64");

/** `no-referrer`: the address of the page is the credential. `no-store`: so is its copy in a cache. */
export const LINK_PAGE_HEADERS: Readonly<Record<string, string>> = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; "),
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex, nofollow",
};

export interface LinkPage {
  readonly title: string;
  /** One sentence or two, ours. */
  readonly text: string;
  /** What is known of the message; values may be a stranger's. */
  readonly facts?: readonly (readonly [name: string, value: string])[];
  /** Name of the button that posts to this very address; undefined: there is nothing to do. */
  readonly button?: string;
  /** Below the button, ours. */
  readonly note?: string;
}

export function renderLinkPage({ title, text, facts = [], button, note }: LinkPage): string {
  const rows = facts.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd><bdi>${escapeHtml(value)}</bdi></dd>\n`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)} - postmaster-triage</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
<p role="status">${escapeHtml(text)}</p>
${rows.length === 0 ? "" : `<dl>\n${rows.join("")}</dl>\n`}${button === undefined ? "" : `<form method="post"><button type="submit">${escapeHtml(button)}</button></form>\n`}${note === undefined ? "" : `<p class="small">${escapeHtml(note)}</p>\n`}</main>
</body>
</html>
`;
}
