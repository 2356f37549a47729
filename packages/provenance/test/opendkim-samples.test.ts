/** Header-only DKIM on what a real OpenDKIM signed; ./opendkim/README.md says how. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { dsnReturning, evidenceOf, returnedWith, siteOf } from "./samples.ts";

const FOLDER = new URL("./opendkim/", import.meta.url);
const keys: Record<string, string> = JSON.parse(readFileSync(new URL("keys.json", FOLDER), "utf8"));
const site = siteOf({ dkim: { keys: new Map(Object.entries(keys)), dns: false } });
/** A day after they were signed. */
const NOW = new Date("2026-11-23T12:00:00Z");

const SIGNED = [
  "as-debian-ships-it",
  "relaxed-relaxed",
  "simple-simple",
  "simple-relaxed",
  "ed25519",
  "over-signed",
  "repeated-fields",
  "body-length",
  "expiring",
  "copied-fields",
  "two-keys",
] as const;
const RELAXED = SIGNED.filter((name) => !["simple-simple", "simple-relaxed", "copied-fields"].includes(name));
const SIMPLE = SIGNED.filter((name) => !RELAXED.includes(name));

/** One character is one byte. */
function sample(name: string): { readonly header: string; readonly body: string } {
  const text = readFileSync(new URL(`${name}.eml`, FOLDER), "latin1");
  const end = text.indexOf("\r\n\r\n");
  return { header: text.slice(0, end + 2), body: text.slice(end + 4) };
}

function judge(header: string, body?: string) {
  const returned = returnedWith(
    Buffer.from(header, "latin1"),
    body === undefined ? undefined : Buffer.from(body, "latin1"),
  );
  return evidenceOf("returned-dkim", { site, report: dsnReturning(returned), ports: { now: NOW } });
}

describe.each(SIGNED)("%s", (name) => {
  const { header, body } = sample(name);

  test("is proven with its body, and by its header alone", async () => {
    const whole = await judge(header, body);
    expect(whole.outcome).toBe("pass");
    expect(whole.detail).toContain(name === "body-length" ? "signed part of the body" : "header and body proven");
    expect(whole.detail).toContain("._domainkey.example.com on 2026-11-22");
    expect(await judge(header)).toMatchObject({ outcome: "pass" });
  });

  test("is proven as it was stored, with LF or CR", async () => {
    for (const lineEnd of ["\n", "\r"]) {
      const found = await judge(header.replaceAll("\r\n", lineEnd), body.replaceAll("\r\n", lineEnd));
      expect(found.outcome).toBe("pass");
      expect(found.detail).not.toContain("folding");
      expect(found.detail).toMatch(/body proven/);
    }
  });

  test("is proven by its header when the body came back cut or changed, and the sentence says so", async () => {
    for (const other of [body.slice(0, 12), body.replace("they", "THEY"), ""]) {
      const found = await judge(header, other);
      expect(found.outcome).toBe("pass");
      expect(found.detail).toContain("header proven, body not returned whole and unchanged");
    }
  });

  test("is proven below what others put on top", async () => {
    const trace = "Return-Path: <ann@example.com>\r\nReceived: from a by b; now\r\nX-Spam: no\r\n";
    expect(await judge(trace + header)).toMatchObject({ outcome: "pass" });
  });

  test("is not proven when another Subject was put in its place", async () => {
    const found = await judge(header.replace("The  minutes", "The  profits"));
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("does not verify");
  });
});

describe("folding that the bouncing MTA changed is put back", () => {
  const changes: Readonly<Record<string, (header: string) => string>> = {
    "a tab for a space": (header) => header.replace("minutes\r\n of", "minutes\r\n\tof"),
    "a space for each tab": (header) => header.replaceAll("\r\n\t", "\r\n "),
    "a tab for each space": (header) => header.replaceAll("\r\n ", "\r\n\t"),
    "a long line broken": (header) => header.replace("From: Ann  Example <", "From: Ann  Example\r\n <"),
    "a long line broken where it has no blank": (header) =>
      header.replace("From: Ann  Example <ann@", "From: Ann  Example <\r\n ann@"),
  };
  const relaxedOnly: typeof changes = {
    "all lines joined": (header) => header.replace(/\r\n(?=[ \t])/g, ""),
    "all lines joined by one space": (header) => header.replace(/\r\n[ \t]+/g, " "),
    "names in capitals": (header) => header.replace("Subject: ", "SUBJECT :\t"),
    "a fold that lost its blank": (header) => header.replace("minutes\r\n of", "minutes\r\nof"),
  };

  test.each(RELAXED.flatMap((name) => Object.keys({ ...changes, ...relaxedOnly }).map((change) => [name, change])))(
    "%s: %s",
    async (name = "", change = "") => {
      const changed = { ...changes, ...relaxedOnly }[change]?.(sample(name).header) ?? "";
      expect(changed).not.toBe(sample(name).header);
      expect(await judge(changed)).toMatchObject({ outcome: "pass" });
    },
  );

  test.each(SIMPLE.flatMap((name) => Object.keys(changes).map((change) => [name, change])))(
    "%s: %s",
    async (name = "", change = "") => {
      const found = await judge(changes[change]?.(sample(name).header) ?? "");
      expect(found.outcome).toBe("pass");
      expect(found.detail).toContain("after its folding was restored");
    },
  );
});

describe("what a configuration adds", () => {
  test("over-signed fields may not be added, also where there was none", async () => {
    const { header } = sample("over-signed");
    for (const field of ["From: x@example.net", "Reply-To: x@example.net", "Cc: x@example.net", "Subject: x"]) {
      expect(await judge(`${field}\r\n${header}`)).toMatchObject({ outcome: "neutral" });
    }
  });

  test("repeated fields are taken from the bottom up: another one on top changes nothing, below it does", async () => {
    const { header } = sample("repeated-fields");
    expect(await judge(`Keywords: more\r\n${header}`)).toMatchObject({ outcome: "pass" });
    expect(await judge(`${header}Keywords: more\r\n`)).toMatchObject({ outcome: "neutral" });
    const swapped = header.replace("Keywords: minutes\r\nKeywords: meeting", "Keywords: meeting\r\nKeywords: minutes");
    expect(await judge(swapped)).toMatchObject({ outcome: "neutral" });
  });

  test("l= proves the body as far as it reaches, whatever a list put below it", async () => {
    const { header, body } = sample("body-length");
    const found = await judge(header, `${body}-- \r\nlist@lists.example\r\n`);
    expect(found.detail).toContain("header and the signed part of the body proven");
  });

  test("a signature that expired proves all the same who made it", async () => {
    expect((await judge(sample("expiring").header)).detail).toContain("it expired on 2026-11-22, but we made it");
  });

  test("one of two signatures is enough, whichever key is known", async () => {
    const { header } = sample("two-keys");
    for (const [name, record] of Object.entries(keys).filter(([name]) => !name.startsWith("ed"))) {
      const report = dsnReturning(returnedWith(Buffer.from(header, "latin1")));
      const oneKey = siteOf({ dkim: { keys: new Map([[name, record]]), dns: false } });
      const found = await evidenceOf("returned-dkim", { site: oneKey, report, ports: { now: NOW } });
      expect(found.detail).toContain(`signed with our DKIM key ${name}`);
    }
  });

  test("rsa-sha1 is refused (RFC 8301)", async () => {
    const { header, body } = sample("rsa-sha1");
    const found = await judge(header, body);
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("rsa-sha1, which is not secure");
  });
});
