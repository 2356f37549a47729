import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Message, type Part, readMessage } from "@triage/message";
import { type Report, readReport, type Withheld, withholdReturned } from "@triage/reports";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HARMLESS_CHANGES } from "./harmless-changes.ts";
import { CONTAINERS, enclose, type ReturnedSample } from "./returning-reports.ts";

const UNKNOWN = { reversePath: undefined, forwardPaths: [] };
const OWN_CORPUS = fileURLToPath(new URL("../../../test/corpus", import.meta.url));
/** Lines that only the service adds. */
const OWN_LINES = [
  "[The body of the returned message was left out here.]",
  "[A part of the report that may hold a returned message was left out here.]",
  "Content-Type: text/rfc822-headers",
  "Content-Type: message/global-headers",
  "Content-Type: text/plain",
  "Content-Type: text/plain; charset=utf-8",
  "Content-Transfer-Encoding: 7bit",
  "Content-Transfer-Encoding: 8bit",
  "Content-Transfer-Encoding: base64",
];

function withhold(raw: Buffer): { message: Message; report: Report; withheld: Withheld } {
  const message = readMessage(raw);
  const report = readReport(message, UNKNOWN);
  return { message, report, withheld: withholdReturned(message, report.kind) };
}

/** Everything that any reader could see in a message: its bytes, and each part decoded. */
function everythingIn(raw: Buffer): string {
  const seen = [raw.toString("latin1")];
  const look = (part: Part): void => {
    seen.push(part.bytes().toString("latin1"), part.text());
    part.children.forEach(look);
  };
  look(readMessage(raw).root);
  return seen.join("\n");
}

function linesOf(text: string): string[] {
  return text.split(/\r\n|\r|\n/).map((line) => line.trimEnd());
}

/** Lines of the returned body, 20 characters or longer, that stand nowhere else in the report. */
function secretLines(raw: Buffer, body: Buffer): string[] {
  const all = body.toString("latin1");
  const around = raw.toString("latin1").replace(all, "");
  const isSecret = (line: string) => line.length >= 20 && !around.includes(line) && !OWN_LINES.includes(line);
  return linesOf(all).filter(isSecret);
}

/** HTML that became text, and text that was encoded, have lines that did not stand there. */
function isEncodedAnew(raw: Buffer, bytes: Buffer): boolean {
  const ours = "Content-Type: text/plain; charset=utf-8";
  const count = (text: Buffer) => text.toString("latin1").split(ours).length;
  return count(bytes) > count(raw) || /^content-transfer-encoding:\s*(?:base64|quoted)/im.test(raw.toString("latin1"));
}

function* mailIn(folder: string): Iterable<readonly [name: string, raw: Buffer]> {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (name.endsWith(".eml")) yield [name, readFileSync(join(folder, name))];
  }
}

const CORPORA = process.env.TRIAGE_CORPUS ? [OWN_CORPUS, process.env.TRIAGE_CORPUS] : [OWN_CORPUS];

describe.each(CORPORA)("in all mail of %s", (folder) => {
  test("no line of a returned body is passed on, and nothing is added but what says so", () => {
    let cut = 0;
    for (const [name, raw] of mailIn(folder)) {
      const { report, withheld } = withhold(raw);
      if (report.kind === "person" || withheld.bodies === 0) continue;
      cut += 1;
      const seen = everythingIn(withheld.bytes);
      const leaked = secretLines(raw, report.returned.body ?? Buffer.alloc(0)).filter((line) => seen.includes(line));
      expect(leaked, name).toEqual([]);
      const text = withheld.bytes.toString("latin1");
      if (isEncodedAnew(raw, withheld.bytes)) continue;
      const known = new Set([...linesOf(raw.toString("latin1")), ...OWN_LINES]);
      expect(
        linesOf(text).filter((line) => !known.has(line)),
        name,
      ).toEqual([]);
    }
    expect(cut).toBeGreaterThan(100);
  });

  test("the returned header is kept byte for byte, unless it cannot be told where it ends: then its beginning", () => {
    for (const [name, raw] of mailIn(folder)) {
      const { report, withheld } = withhold(raw);
      if (report.kind === "person" || withheld.bodies === 0 || report.returned.form !== "message") continue;
      const after = readReport(readMessage(withheld.bytes), UNKNOWN);
      const before = headerText(report);
      const kept = after.returned.form === "none" ? "" : headerText(after);
      if (withheld.isCertain && after.kind === report.kind) expect(kept, name).toBe(before);
      else expect(before.startsWith(kept) || kept === "" || after.kind !== report.kind, name).toBe(true);
    }
  });

  test("what is left has nothing more to leave out", () => {
    for (const [name, raw] of mailIn(folder)) {
      const { report, withheld } = withhold(raw);
      if (withheld.bodies === 0) continue;
      expect(withholdReturned(readMessage(withheld.bytes), report.kind).bodies, name).toBe(0);
    }
  });
});

function headerText({ returned }: Report): string {
  return (returned.headers?.fields ?? []).map(({ raw }) => raw).join("");
}

/** Words of ours that no grammar knows, so that they are found wherever they end up. */
const secret = fc.integer({ min: 0, max: 0xffffff }).map((n) => `Marigold${n.toString(36)}Teapot secret`);
/** What a body may hold to be taken for something else. */
const disguise = fc.constantFrom(
  "",
  "",
  "From: bob@example.org",
  "--=_outer",
  "--=_outer--",
  "--unrelated",
  "--unrelated--",
  "Content-Type: text/plain",
  "> quoted",
  "    indented",
  "From bob Thu Nov 19 08:00:00 2026",
  "Note: see below",
  "<joe@example.net>: host said 550",
);
const body = fc.array(fc.tuple(disguise, secret), { minLength: 1, maxLength: 6 });
const returned: fc.Arbitrary<ReturnedSample> = fc.record({
  body: body.map((lines) => lines.flat()),
  lineEnd: fc.constantFrom("\n", "\r\n"),
  isUnterminated: fc.boolean(),
});

describe.each(CONTAINERS.map(({ name }) => name))("a message that is returned as %s", (name) => {
  const container = CONTAINERS.find((one) => one.name === name);

  test("leaves no word of its body behind, whatever the body holds", () => {
    fc.assert(
      fc.property(returned, (sample) => {
        const raw = container === undefined ? Buffer.alloc(0) : enclose(container, sample);
        expect(everythingIn(raw)).toContain("Teapot");
        const { report, withheld } = withhold(raw);
        expect(report.kind).not.toBe("person");
        expect(everythingIn(withheld.bytes)).not.toContain("Teapot");
        expect(everythingIn(withheld.bytes)).toContain("joe@example.net");
      }),
      { numRuns: 40 },
    );
  });

  test("leaves none behind when the report was wrapped, re-encoded or disclaimed on its way", () => {
    const sample = { body: ["Marigold1Teapot secret of Ann and Joe"], lineEnd: "\n", isUnterminated: false };
    const raw = container === undefined ? "" : enclose(container, sample).toString("latin1");
    for (const { name: change, change: apply } of HARMLESS_CHANGES) {
      const changed = apply(raw);
      if (changed === undefined) continue;
      const { withheld } = withhold(Buffer.from(changed, "latin1"));
      expect(everythingIn(withheld.bytes), change).not.toContain("Teapot");
    }
  });
});

test("damage to any one line of a report passes on no body: what no longer reads as a report is left out whole", () => {
  const leaks: string[] = [];
  for (const container of CONTAINERS) {
    const sample = { body: ["Marigold1Teapot secret of Ann and Joe"], lineEnd: "\n", isUnterminated: false };
    const lines = enclose(container, sample).toString("latin1").split("\n");
    for (let at = 0; at < lines.length; at += 1) {
      const raw = Buffer.from([...lines.slice(0, at), ...lines.slice(at + 1)].join("\n"), "latin1");
      const message = readMessage(raw);
      const { bytes } = withholdReturned(message, "dsn");
      if (everythingIn(bytes).includes("Teapot")) leaks.push(`${container.name}: ${lines[at]}`);
    }
  }
  expect(leaks).toEqual([]);
});

const LETTER = `From: Joe <joe@example.net>
To: postmaster@example.com
Subject: Your server refuses my mail
Date: Thu, 19 Nov 2026 09:00:00 +0000
Message-ID: <2@example.net>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="letter"

--letter
Content-Type: text/plain; charset=utf-8

Dear postmaster, why do I get this?

`;

function letterWith(part: string, pasted = ""): Buffer {
  return Buffer.from(`${LETTER}${pasted}\n--letter\n${part}\n--letter--\n`, "latin1");
}

const BOUNCE = CONTAINERS.find(({ name }) => name === "message/rfc822");
const bounce =
  BOUNCE === undefined ? "" : enclose(BOUNCE, { body: ["Teapot"], lineEnd: "\n", isUnterminated: false }).toString();

test("a letter is passed on as it is, with what its author pasted and the message that he attached", () => {
  const raw = letterWith("Content-Type: message/rfc822\n\nFrom: spammer@example.org\nSubject: Win\n\nTeapot\n", bounce);
  const { report, withheld } = withhold(raw);
  expect(report.kind).toBe("person");
  expect(withheld).toEqual({ bytes: raw, bodies: 0, leftOutBytes: 0, isCertain: true });
});

test("a bounce that is attached to a letter stays, but for the body that the machine returned in it", () => {
  for (const [encoding, enclosed] of [
    ["7bit", bounce],
    ["base64", Buffer.from(bounce).toString("base64")],
  ] as const) {
    const raw = letterWith(`Content-Type: message/rfc822\nContent-Transfer-Encoding: ${encoding}\n\n${enclosed}`);
    const { report, withheld } = withhold(raw);
    expect(report.kind).toBe("person");
    const seen = everythingIn(withheld.bytes);
    expect(seen).toContain("why do I get this?");
    expect(seen).toContain("550 5.1.1 User unknown");
    expect(seen).toContain("Subject: Invoice 42");
    expect(seen).not.toContain("Teapot");
  }
});

test("who only looks like a person, but sends as machines do, is treated as a machine", () => {
  const raw = Buffer.concat([
    Buffer.from("Auto-Submitted: auto-generated\n"),
    letterWith(`Content-Type: message/rfc822\n\n${bounce}`),
  ]);
  const { bytes } = withholdReturned(readMessage(raw), "person");
  expect(everythingIn(bytes)).not.toContain("Teapot");
});

test("exactly the header is left of a returned message, and everything around it byte for byte", () => {
  const { withheld } = withhold(Buffer.from(bounce));
  const start = bounce.indexOf("Return-Path: <ann@example.com>");
  const body = bounce.indexOf("\nTeapot\n", start);
  const expected = bounce
    .slice(0, body)
    .concat(bounce.slice(bounce.indexOf("\n--=_outer--", body)))
    .replace("Content-Type: message/rfc822", "Content-Type: text/rfc822-headers");
  expect(withheld.bytes.toString()).toBe(expected);
  expect(withheld).toMatchObject({ bodies: 1, isCertain: true });
});

test("an internationalised header becomes message/global-headers (RFC 6533)", () => {
  const raw = Buffer.from(bounce.replace("Subject: Invoice 42", "Subject: Rechnung für Jörg"), "utf8");
  const { withheld } = withhold(raw);
  expect(withheld.bytes.toString()).toContain("Content-Type: message/global-headers");
  expect(withheld.bytes.toString()).toContain("Subject: Rechnung für Jörg");
});

test("a header that runs into the body is cut where the first line may be body, and that is said", () => {
  const raw = Buffer.from(bounce.replace("charset=utf-8\n\nTeapot", "charset=utf-8\nDear Joe,\nNote: Teapot\n\nbye"));
  const { withheld } = withhold(raw);
  expect(everythingIn(withheld.bytes)).not.toContain("Teapot");
  expect(everythingIn(withheld.bytes)).toContain("Message-ID: <1@example.com>");
  expect(withheld.isCertain).toBe(false);
});

test("ten megabytes of nested and unclosed parts take no longer than one pass", () => {
  const line = "--=_outer\nContent-Type: message/rfc822\n\nFrom: a@example.org\nReceived: by x\n\nTeapot\n";
  const raw = Buffer.concat([Buffer.from(bounce), Buffer.from(line.repeat(120_000))]);
  const { withheld } = withhold(raw);
  expect(withheld.bytes.includes("Teapot")).toBe(false);
});

test("a message that ends in its boundary line keeps that line: what is written begins one of its own", () => {
  const raw = Buffer.from(`${bounce.slice(0, bounce.indexOf("Teapot"))}\n--=_outer`);
  const { bytes } = withholdReturned(readMessage(raw), "dsn");
  expect(bytes.toString()).not.toContain("--=_outerContent-Type");
  expect(withholdReturned(readMessage(bytes), "dsn").bodies).toBe(0);
});

test("bytes of any kind are read without an error, and what is left has nothing more to leave out", () => {
  const piece = fc.constantFrom(
    "\r\n",
    "\n\n",
    "--=_outer",
    "--=_outer--",
    "Content-Type: message/rfc822\n",
    "\0",
    "=3D",
    "From: a\n",
  );
  const noise = fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(noise, fc.nat(bounce.length), fc.nat(200), (text, at, length) => {
      const raw = Buffer.from(bounce.slice(0, at) + text + bounce.slice(at + length));
      const { bytes } = withholdReturned(readMessage(raw), "dsn");
      expect(withholdReturned(readMessage(bytes), "dsn").bodies).toBe(0);
    }),
    { numRuns: 300 },
  );
});
