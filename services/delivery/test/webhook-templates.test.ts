/** What each template makes of a mail: golden JSON under golden/webhooks, linked in docs/operations.md. */
import type { WebhookTemplate } from "@triage/runtime";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OutboundMail } from "../src/compose/outbound-mail.ts";
import { renderWebhookBody } from "../src/outlets/webhook/templates/render-webhook-body.ts";
import { aClassification } from "./classifications.ts";
import { anOutboundMail } from "./outbound-mails.ts";

const TEXT = `This is a bounce of mail that this site sent (99.8% sure).

joe@example.net: blocked (5.7.1)
  550 5.7.1 Service unavailable; client host [192.0.2.1] blocked using bl.example.org

What to do: ask the operator of the block list to remove your host.
`;
/** Every way that a stranger might try to be more than text. */
const HOSTILE =
  '<!channel> <https://evil.example|click> *b* `c` :smile: [x](https://evil.example) <at>ann</at> <script>alert(1)</script> & "q"';
const MAIL = anOutboundMail({ text: TEXT });
const LINKED = anOutboundMail({
  text: TEXT,
  topic: {
    kind: "message",
    classification: aClassification({}),
    receivedAt: new Date("2026-11-22T09:00:00Z"),
    links: { acknowledge: "https://triage.example.com/l/a1b2?x=1&y=2", release: "https://triage.example.com/l/c3d4" },
  },
});
const TEMPLATES: readonly WebhookTemplate[] = [
  { kind: "generic" },
  { kind: "slack" },
  { kind: "teams" },
  { kind: "zammad", group: "Postmaster", customer: "triage@example.com" },
];

interface Options {
  readonly attachMail?: boolean;
  readonly maxBodyBytes?: number;
}

const render = (template: WebhookTemplate, mail: OutboundMail, options: Options = {}): Buffer =>
  renderWebhookBody({ template, attachMail: false, maxBodyBytes: 1_000_000, ...options }, mail, ["human:ops"]);

function templateOf(kind: WebhookTemplate["kind"]): WebhookTemplate {
  return TEMPLATES.find((template) => template.kind === kind) ?? { kind: "generic" };
}

describe.each(TEMPLATES)("$kind", (template) => {
  test.each([
    ["blocked", MAIL],
    ["links", LINKED],
    ["hostile", anOutboundMail({ subject: HOSTILE, text: `${HOSTILE}\n` })],
  ])("%s", async (name, mail) => {
    const json = `${JSON.stringify(JSON.parse(render(template, mail).toString("utf8")), null, 2)}\n`;
    await expect(json).toMatchFileSnapshot(`golden/webhooks/${template.kind}-${name}.json`);
  });

  test("the same mail always gives the same bytes, so that a repeat is one", () => {
    expect(render(template, MAIL)).toEqual(render(template, MAIL));
  });

  test("whatever a mail says, the body keeps its limit and is JSON", () => {
    const mails = fc.record({
      subject: fc.string({ unit: "binary", maxLength: 400 }),
      text: fc.string({ unit: "binary", maxLength: 30_000 }),
    });
    fc.assert(
      fc.property(mails, fc.integer({ min: 4_096, max: 40_000 }), ({ subject, text }, maxBodyBytes) => {
        const body = render(template, anOutboundMail({ subject: subject.slice(0, 100), text }), { maxBodyBytes });
        JSON.parse(body.toString("utf8"));
        expect(body.length).toBeLessThanOrEqual(maxBodyBytes);
      }),
      { numRuns: 50 },
    );
  });
});

test.each(["generic", "zammad"] as const)("%s takes the whole mail along when that is asked for", (kind) => {
  const base64 = MAIL.raw.toString("base64");
  expect(render(templateOf(kind), MAIL, { attachMail: true }).toString()).toContain(base64);
  expect(render(templateOf(kind), MAIL).toString()).not.toContain(base64);
});

test("a mail that is larger than the limit is left out; its text stays", () => {
  const mail = anOutboundMail({ raw: Buffer.alloc(10_000, "x"), text: TEXT });
  const body = JSON.parse(render({ kind: "generic" }, mail, { attachMail: true, maxBodyBytes: 8_000 }).toString());
  expect(body.data.mail).toBeUndefined();
  expect(body.data.text).toBe(TEXT);
});

test("a Teams card stays below 28 KB even where more is allowed", () => {
  const mail = anOutboundMail({ text: "word ".repeat(20_000) });
  expect(render({ kind: "teams" }, mail).length).toBeLessThanOrEqual(28_000);
});

test("Slack's sections stay below 3,000 characters and are cut at line ends", () => {
  const mail = anOutboundMail({ text: `${"a line of words\n".repeat(500)}` });
  const { blocks } = JSON.parse(render({ kind: "slack" }, mail).toString());
  const sections: string[] = blocks
    .filter(({ type }: { type: string }) => type === "section")
    .map((block: { text: { text: string } }) => block.text.text);
  expect(sections.length).toBe(3);
  for (const section of sections) {
    expect(section.length).toBeLessThanOrEqual(3_000);
    expect(section.endsWith("words")).toBe(true);
  }
});
