/**
 * docs/mails.md shows what a person gets, from the golden files of the delivery service, so that it shows what is sent.
 * `npx vitest run -u --project unit test/architecture` writes it anew.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Attachment, simpleParser } from "mailparser";
import { expect, test } from "vitest";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const GOLDEN = "services/delivery/test/golden";

/** What is shown of a golden file. `mail`: the text, decoded; `whole`: with what is attached; `header`: as it is sent. */
interface ShownMail {
  readonly title: string;
  readonly file: string;
  readonly show: "mail" | "whole" | "header";
  readonly about: string;
}

const MAILS: readonly ShownMail[] = [
  {
    title: "A bounce, without the body of what came back",
    file: "forms/headers-only.eml",
    show: "whole",
    about:
      "The default form, `headers-only`: the returned message is attached as its header, which is all that mending takes.",
  },
  {
    title: "A letter",
    file: "letter.eml",
    show: "mail",
    about: "What a person wrote is passed on whole, by every form.",
  },
  {
    title: "A complaint",
    file: "forms/feedback.eml",
    show: "mail",
    about: "A recipient pressed the spam button, and the provider reports it (RFC 5965).",
  },
  {
    title: "Not sure",
    file: "forms/undecided.eml",
    show: "mail",
    about: "Hiding is the costly mistake, so that a person decides; the answer teaches the service.",
  },
  {
    title: "With links",
    file: "forms/with-links.eml",
    show: "mail",
    about: "With `http.publicUrl`; without it, the calls of the API stand there.",
  },
  {
    title: "The first of many failures",
    file: "notices/failure-begins.eml",
    show: "mail",
    about: "The first message of an incident is a mail like any other, and says what becomes of those that follow.",
  },
  {
    title: "Ten of them",
    file: "notices/failure-10.eml",
    show: "mail",
    about: "In the thread of the first; again at 100, 1,000, ...",
  },
  {
    title: "It is over",
    file: "notices/failure-over.eml",
    show: "mail",
    about: "Nothing came for `incidents.quietHours`.",
  },
  {
    title: "Somebody sends under our name",
    file: "notices/storm-begins.eml",
    show: "mail",
    about: "One mail in place of thousands of bounces.",
  },
  {
    title: "More than a person can read",
    file: "notices/flood.eml",
    show: "mail",
    about: "What is beyond `maxPerHour` and waits for long, once an hour at most.",
  },
  {
    title: "The digest",
    file: "digest-usual-day.eml",
    show: "mail",
    about: "What was kept; an HTML part says the same.",
  },
  {
    title: "Mail to a human bounces",
    file: "notices/alert-bounce.eml",
    show: "mail",
    about: "An alert goes to another human than the one whom it is about.",
  },
  {
    title: "Messages could not be delivered",
    file: "notices/alert-dead-letters.eml",
    show: "mail",
    about: "At the first [dead letter](operations.md#dead-letters), the tenth, the hundredth, and when none is left.",
  },
  {
    title: "Redirected",
    file: "forms/redirect.eml",
    show: "header",
    about: "`form: redirect` puts this above the original, which follows byte for byte (RFC 5322 section 3.6.6).",
  },
];

/** As a mail program shows it: the fields that a person looks at, then the text. */
async function showMail({ file, show }: ShownMail): Promise<string> {
  const raw = readFileSync(join(root, GOLDEN, file));
  if (show === "header") return `${raw.toString("utf8").split("\n\n")[0] ?? ""}\n`;
  const { subject, from, to, text = "", attachments } = await simpleParser(raw, { skipHtmlToText: true });
  const addressees = to === undefined || Array.isArray(to) ? "" : to.text;
  const attached = attachments.map((part) => showAttachment(part, show === "whole"));
  return [
    `From: ${from?.text ?? ""}`,
    `To: ${addressees}`,
    `Subject: ${subject ?? ""}`,
    "",
    text.trimEnd(),
    "",
    ...attached,
  ].join("\n");
}

function showAttachment({ filename, contentType, content }: Attachment, whole: boolean): string {
  const name = `[attached: ${filename ?? "without a name"}, ${contentType}]`;
  return whole ? `${name}\n\n${content.toString("utf8").replaceAll("\r\n", "\n").trimEnd()}\n` : `${name}\n`;
}

const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");

async function mailsPage(): Promise<string> {
  const sections = await Promise.all(
    MAILS.map(async (mail) => [
      `## ${mail.title}`,
      "",
      `${mail.about} [As it is sent](../${GOLDEN}/${mail.file}).`,
      "",
      "````text",
      (await showMail(mail)).trimEnd(),
      "````",
      "",
    ]),
  );
  return [
    "# The mails that a person gets",
    "",
    "Made by a test from the mails that the tests of the delivery service hold the code to, decoded as a mail program shows them.",
    "When each comes, and how to change that, is in [operations.md](operations.md#what-reaches-the-human).",
    "",
    ...MAILS.map(({ title }) => `- [${title}](#${anchorOf(title)})`),
    "",
    ...sections.flat(),
  ].join("\n");
}

test("docs/mails.md shows the mails as they are sent", async () => {
  const page = await mailsPage();
  expect(page.match(/^````/gm)).toHaveLength(MAILS.length * 2);
  await expect(page).toMatchFileSnapshot(join(root, "docs/mails.md"));
});

test("what docs/operations.md quotes of these mails stands in them", async () => {
  const mails = await mailsPage();
  const operations = readFileSync(join(root, "docs/operations.md"), "utf8");
  const quotes = ["\n## Forms\n", "\n## The digest\n"].map((heading) => {
    const [, section = ""] = operations.split(heading);
    return /```\n([^`]+?)\n*```/.exec(section)?.[1] ?? "no quote";
  });
  for (const quote of quotes) expect(mails).toContain(quote);
});
