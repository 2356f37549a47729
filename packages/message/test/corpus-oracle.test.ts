/**
 * mailparser and postal-mime read the whole corpus as we do, but for the reasons below. A reason rewrites both readings so
 * that they agree where it holds; a difference that no reason takes away fails.
 *
 * The corpus is that of the repository, and the folder that TRIAGE_CORPUS names, where it does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DefectCode, type Message, type Part, parseMailboxList, readMessage } from "@triage/message";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { type Aspect, type Attached, differences, ORACLES, type Reading, readWithOurs } from "./readings.ts";

interface Pair {
  readonly ours: Reading;
  readonly theirs: Reading;
}

interface Reason {
  readonly id: string;
  /** Why ours is the one that we want. */
  readonly why: string;
  /** Both readings without that difference. */
  readonly apply: (pair: Pair, message: Message) => Pair;
}

/** A mailbox as the readings have it: name, blank, address. */
const ADDRESS = / [^\s@]+@[^\s@]+$/;

/** Rewritings of both readings, applied in this order. */
const REASONS: readonly Reason[] = [
  {
    id: "mbox-line",
    why: "the `From ` line of an mbox is no field (RFC 4155); we read past it",
    apply: (pair) =>
      changeTheirs(pair, { fieldNames: pair.theirs.fieldNames.filter((one) => !one.startsWith("from ")) }),
  },
  {
    id: "lost-fold",
    why: "a header line that is no field goes on with the one above it, or begins the body; they make a field of it, and lose its boundary",
    apply: (pair, message) =>
      hasDefect(message, "header-line-without-colon") || hasDefect(message, "header-not-terminated")
        ? withoutLostFolds(pair)
        : pair,
  },
  {
    id: "domain-case",
    why: "domains are the same in upper and lower case (RFC 5321 section 2.4); ours are in lower case",
    apply: (pair) => changeTheirs(pair, { addresses: pair.theirs.addresses.map(lowerDomain) }),
  },
  {
    id: "no-address",
    why: "`MAILER-DAEMON` and `Name <>` are no addresses; we keep the bare name of the first, they keep the name of the second",
    apply: (pair) => changeBoth(pair, ({ addresses }) => ({ addresses: addresses.filter((one) => ADDRESS.test(one)) })),
  },
  {
    id: "name",
    why: "a name that only repeats the address, and the blanks of a folded name, are the sender's words, too",
    apply: (pair) => changeBoth(pair, ({ addresses }) => ({ addresses: addresses.map(plainName) })),
  },
  {
    id: "repeated-field",
    why: "of Subject, From, To and Cc there is one (RFC 5322 section 3.6): we take the topmost, they the last, or all",
    apply: (pair, message) => withoutRepeated(pair, message),
  },
  {
    id: "one-from",
    why: "From may name several authors (RFC 5322 section 3.6.2); postal-mime gives the first alone",
    apply: (pair, { root }) => {
      const isLost = parseMailboxList(root.headers.value("from") ?? "").length > 1;
      return isLost && contains(pair.ours.addresses, pair.theirs.addresses) ? sameAddresses(pair) : pair;
    },
  },
  {
    id: "subject-blanks",
    why: "unfolding takes out the line end alone (RFC 5322 section 2.2.3); an empty Subject is one",
    apply: (pair) => changeBoth(pair, ({ subject }) => ({ subject: subject?.replace(/\s+/g, " ") || undefined })),
  },
  {
    id: "eight-bit-header",
    why: "they lose 8-bit bytes in a header that are not UTF-8; we read them as latin1",
    apply: (pair) =>
      pair.theirs.subject?.includes("\ufffd") ? changeTheirs(pair, { subject: pair.ours.subject }) : pair,
  },
  {
    id: "line-ends",
    why: "postal-mime writes the line ends of an attachment anew; ours are the bytes as they were sent",
    apply: (pair) => changeBoth(pair, ({ attached }) => ({ attached: attached.map(withLf) })),
  },
  {
    id: "inline-message",
    why: "mailparser loses an inline message/rfc822 and shows it as text; the returned message is what we look for",
    apply: (pair, { root }) => (hasMessagePart(root) && lacksMessage(pair) ? withoutMessages(pair) : pair),
  },
  {
    id: "never-closed",
    why: "the parent's delimiter ends a child that is not closed (RFC 2046 section 5.1.2); mailparser reads past it",
    apply: (pair, message) => (hasDefect(message, "boundary-never-closed") ? withoutOverrun(pair) : pair),
  },
  {
    id: "guessed-type",
    why: "mailparser guesses the type of an application/octet-stream by its name; what it is, is decided later",
    apply: (pair) => changeBoth(pair, ({ attached }) => ({ attached: attached.map(withoutGuess) })),
  },
  {
    id: "nul-bytes",
    why: "a NUL, which no text may hold, is shown as U+FFFD",
    apply: (pair) => changeBoth(pair, ({ text }) => ({ text: text.replaceAll("\0", "\ufffd") })),
  },
  {
    id: "windows-1252",
    why: "what is labelled iso-8859-1 is windows-1252 (WHATWG Encoding); postal-mime shows control characters",
    apply: (pair) => changeTheirs(pair, { text: pair.theirs.text.replace(/[\x80-\x9f]/g, fromWindows1252) }),
  },
  {
    id: "mislabelled-charset",
    why: "they believe the charset label; we read valid UTF-8 as such, and the rest by the label",
    apply: (pair, message) => (hasDefect(message, "bad-charset") ? changeTheirs(pair, { text: pair.ours.text }) : pair),
  },
];

/** What differs in single messages of the corpus, by file, and why ours is right. */
const SINGLE: Readonly<Record<string, Partial<Readonly<Record<Aspect, string>>>>> = {
  "person/attaches-bounce-as-octet-stream.eml": { attached: "mailparser guesses message/rfc822 by the ending .eml" },
  "person/bare-cr-one-line.eml": {
    fields: "they take line ends of CR alone for no line ends, and find one field and no body",
    subject: "the same",
    addresses: "the same",
    text: "the same",
  },
  "person/bounce-as-eml-and-html.eml": { attached: "mailparser guesses message/rfc822 by the ending .eml" },
  "person/broken-base64.eml": {
    text: "what no base64 has is passed over; they stop at it, or shift the bits behind it",
  },
  "person/eight-bit-garbage.eml": { text: "without a charset, what is no UTF-8 is windows-1252; they show U+FFFD" },
  "person/shift-jis-unlabelled.eml": { text: "without a charset, what is no UTF-8 is windows-1252; they show U+FFFD" },
  "person/utf-8-labelled-iso-2022-jp.eml": {
    text: "labelled ISO-2022-JP and valid UTF-8 is UTF-8; mailparser believes the label",
  },
  "person/windows-1251-unlabelled.eml": {
    text: "without a charset, what is no UTF-8 is windows-1252; they show U+FFFD",
  },
  "ruby-mail/attachment_with_encoded_name.eml": {
    attached: "a byte that ISO-2022-JP does not have is U+FFFD; mailparser makes a letter of it",
  },
  "ruby-mail/example10.eml": { addresses: "comments within an address (RFC 5322 appendix A.5), which they keep" },
  "ruby-mail/example11.eml": {
    addresses: "a source route and blanks around dots (RFC 5322 appendix A.6.1), which they keep",
  },
  "ruby-mail/example13.eml": {
    fields: "blanks before the colon and a fold without a blank (RFC 5322 appendix A.6.3), which they lose",
    addresses: "the same",
  },
  "ruby-mail/missing_body.eml": { addresses: "a group in angle brackets is no address" },
  "ruby-mail/mix_caps_content_type.eml": {
    addresses: "words before a bare address are no display name in any grammar",
  },
  "ruby-mail/multiple_invalid_content_dispositions.eml": {
    attached: "a Content-Disposition that is no token is none: mailparser attaches the text that is to be shown",
  },
  "ruby-mail/raw_email_multiple_from.eml": { addresses: "two addresses without a comma: nobody can know" },
  "sisimai/lhost-ezweb-03.eml": {
    text: "bytes that ISO-2022-JP does not have are U+FFFD; mailparser makes letters of them",
  },
};

const FOLDERS = corpusFolders();

describe.each(Object.entries(ORACLES))("%s", (oracle, read) => {
  test.each(FOLDERS)("reads the mail in %s as we do, but for the reasons listed", async (folder) => {
    const unexplained: string[] = [];
    const groups = new Map<string, number>();
    for (const file of mailIn(folder)) {
      const raw = readFileSync(join(folder, file));
      const message = readMessage(raw);
      const { reasons, left } = explain({ ours: readWithOurs(message), theirs: await read(raw) }, message, file);
      for (const reason of reasons) groups.set(reason, (groups.get(reason) ?? 0) + 1);
      unexplained.push(...left.map((aspect) => `${file}: ${aspect}`));
    }
    expect(unexplained).toEqual([]);
    if (process.env.TRIAGE_CORPUS) console.log(`${oracle}, ${folder}:`, Object.fromEntries(groups));
  });
});

/** The reasons that hold, and the aspects that differ for none of them. */
function explain(pair: Pair, message: Message, file: string) {
  const reasons: string[] = [];
  let current = pair;
  let left = differences(pair.ours, pair.theirs);
  for (const { id, apply } of REASONS) {
    if (left.length === 0) break;
    current = apply(current, message);
    const rest = differences(current.ours, current.theirs);
    if (rest.length < left.length) reasons.push(id);
    left = rest;
  }
  const single = SINGLE[file.replaceAll("\\", "/")] ?? {};
  const listed = left.filter((aspect) => single[aspect] !== undefined);
  return {
    reasons: [...reasons, ...listed.map(() => "single")],
    left: left.filter((aspect) => !listed.includes(aspect)),
  };
}

function changeTheirs({ ours, theirs }: Pair, change: Partial<Reading>): Pair {
  return { ours, theirs: { ...theirs, ...change } };
}

function changeBoth({ ours, theirs }: Pair, change: (reading: Reading) => Partial<Reading>): Pair {
  return { ours: { ...ours, ...change(ours) }, theirs: { ...theirs, ...change(theirs) } };
}

function hasDefect({ defects }: Message, code: DefectCode): boolean {
  return defects.some((defect) => defect.code === code);
}

function contains(all: readonly string[], some: readonly string[]): boolean {
  return some.length > 0 && some.every((one) => all.includes(one));
}

function sameAddresses(pair: Pair): Pair {
  return changeTheirs(pair, { addresses: pair.ours.addresses });
}

/** Names that are none, and the text of a part whose boundary stood in the lost fold. */
function withoutLostFolds(pair: Pair): Pair {
  const named = changeTheirs(pair, {
    fieldNames: pair.theirs.fieldNames.filter((one) => pair.ours.fieldNames.includes(one)),
  });
  return pair.theirs.text === "" ? changeTheirs(named, { text: pair.ours.text }) : named;
}

function withoutRepeated(pair: Pair, { root }: Message): Pair {
  const isRepeated = (name: string) => root.headers.all(name).length > 1;
  const subject = isRepeated("subject") ? pair.ours.subject : pair.theirs.subject;
  const isJoined = ["from", "to", "cc"].some(isRepeated) && contains(pair.theirs.addresses, pair.ours.addresses);
  const changed = changeTheirs(pair, { subject });
  return isJoined ? sameAddresses(changed) : changed;
}

function lowerDomain(mailbox: string): string {
  const at = mailbox.lastIndexOf("@");
  return mailbox.slice(0, at) + mailbox.slice(at).toLowerCase();
}

function plainName(mailbox: string): string {
  const end = mailbox.lastIndexOf(" ");
  const [name, address] = [mailbox.slice(0, end), mailbox.slice(end + 1)];
  return name === address ? ` ${address}` : `${name.replace(/\s+/g, "")} ${address}`;
}

function withLf(attached: Attached): Attached {
  return { ...attached, content: attached.content.replace(/\r\n?/g, "\n") };
}

function withoutGuess(attached: Attached): Attached {
  const isGuess = attached.type === "application/octet-stream" || attached.type === "application/x-gzip";
  return isGuess ? { ...attached, type: "" } : attached;
}

function fromWindows1252(char: string): string {
  return iconv.decode(Buffer.of(char.charCodeAt(0)), "windows-1252");
}

/** Parts of theirs that begin as ours do, cut where ours end. */
function withoutOverrun(pair: Pair): Pair {
  const cut = (attached: Attached, index: number): Attached => {
    const content = pair.ours.attached[index]?.content ?? attached.content;
    return attached.content.startsWith(content) ? { ...attached, content } : attached;
  };
  return changeTheirs(pair, { attached: pair.theirs.attached.map(cut) });
}

function hasMessagePart({ contentType, children }: Part): boolean {
  return contentType.value === "message/rfc822" || children.some(hasMessagePart);
}

function lacksMessage({ ours, theirs }: Pair): boolean {
  const count = ({ attached }: Reading) => attached.filter(({ type }) => type === "message/rfc822").length;
  return count(theirs) < count(ours);
}

/** Attached messages out of both; of the text, what is ours must stand in theirs. */
function withoutMessages(pair: Pair): Pair {
  const both = changeBoth(pair, ({ attached }) => ({
    attached: attached.filter(({ type }) => type !== "message/rfc822"),
  }));
  return changeTheirs(both, { text: both.theirs.text.includes(both.ours.text) ? both.ours.text : both.theirs.text });
}

function corpusFolders(): readonly string[] {
  const own = join(import.meta.dirname, "../../../test/corpus");
  return process.env.TRIAGE_CORPUS ? [own, process.env.TRIAGE_CORPUS] : [own];
}

function mailIn(folder: string): readonly string[] {
  // The folder mime holds what no two readers agree on, each sample listed in oracles.test.ts.
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".eml") && !name.startsWith("mime"))
    .sort();
}
