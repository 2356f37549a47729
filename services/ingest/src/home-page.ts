/** What a person sees who opens the printed URL in a browser: one page, no script, nothing loaded from elsewhere. */
import { createHash } from "node:crypto";
import { escapeHtml } from "@triage/runtime";

const STYLE = `
:root { color-scheme: light dark }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 44rem; margin: 3rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin-bottom: 0 }
h2 { font-size: 1.1rem; margin-top: 2rem }
pre { overflow-x: auto; padding: .75rem 1rem; border: 1px solid; border-radius: .4rem }
.version { margin-top: 0; opacity: .75 }
`;

const styleHash = createHash("sha256").update(STYLE).digest("base64");

export const contentSecurityPolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export interface HomePage {
  readonly version: string;
  /** As the browser asked for it: escaped here, because the client chose it. */
  readonly baseUrl: string;
}

export function renderHomePage({ version, baseUrl }: HomePage): string {
  const url = escapeHtml(baseUrl);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>postmaster-triage</title>
<style>${STYLE}</style>
</head>
<body>
<h1>postmaster-triage</h1>
<p class="version">version ${escapeHtml(version)}</p>
<p>This service reads the mail of the postmaster mailbox, says what each message is and why, and brings only what a
person can act on to a person. Everything else is kept in the archive.</p>
<h2>Send it a message</h2>
<pre><code>curl --data-binary @bounce.eml \\
  -H 'Authorization: Bearer KEY' \\
  -H 'Content-Type: message/rfc822' \\
  -H 'X-Envelope-From: &lt;&gt;' \\
  -H 'X-Envelope-To: postmaster@example.com' \\
  ${url}/v1/messages</code></pre>
<p>The answer is 202 with an id once the message is safely on disk. Then ask what became of it:</p>
<pre><code>curl -H 'Authorization: Bearer KEY' \\
  ${url}/v1/messages/ID</code></pre>
<h2>More</h2>
<ul>
<li><a href="/openapi.json">/openapi.json</a>: everything that the interface can do</li>
<li><a href="/healthz">/healthz</a> and <a href="/readyz">/readyz</a>: is it alive, can it work</li>
<li><a href="/metrics">/metrics</a>: numbers for Prometheus</li>
</ul>
</body>
</html>
`;
}
