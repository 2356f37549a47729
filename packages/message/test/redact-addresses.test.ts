import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress, personOf, redactAddresses, redactValue, searchableTexts } from "../src/index.ts";

const hide = (text: string) => redactAddresses(text, () => "***");

describe("addresses in free text", () => {
  test.each([
    ["550 5.1.1 <joe@example.net>: no such user", "550 5.1.1 <***@example.net>: no such user"],
    ["joe@example.net", "***@example.net"],
    ["Mail to joe.smith+list@sub.example.net.", "Mail to ***@sub.example.net."],
    ['<"joe \\"the\\" smith"@example.net> is full', "<***@example.net> is full"],
    ["rfc822;joe@[192.0.2.1] rejected", "rfc822;***@[192.0.2.1] rejected"],
    ["用户@例え.テスト と josé@example.net", "***@例え.テスト と ***@example.net"],
    ["𝒿oe@example.net", "***@example.net"],
    ["bounces+joe=example.net@example.com", "***@example.com"],
    ["SRS0=HHH=TT=example.net=joe@forwarder.example", "***@forwarder.example"],
    ["prvs=078668d8b6=joe@example.com", "***@example.com"],
    ["see http://example.org/?who=joe%40example.net&x=1", "see http:***%40example.net&x=1"],
    ["joe&#64;example.net", "***&#64;example.net"],
    ["a@example.net,b@example.net;c@example.org", "***@example.net,***@example.net;***@example.org"],
    ["a@b@c", "***@***@c"],
  ])("%s", (text, expected) => {
    expect(hide(text)).toBe(expected);
  });

  test.each([
    "no address",
    "@example.net",
    "joe@",
    "<@>",
    '"@"',
    "100 % sure & <>",
    "",
    "postmaster@example.com",
    "MAILER-DAEMON@mx.example.org",
  ])("what names nobody stays: %j", (text) => {
    expect(hide(text)).toBe(text);
  });

  test("no local part is left of any address, whatever stands around it", () => {
    const local = fc.stringMatching(/^q[a-z0-9]{3,12}q$/);
    const around = fc.stringMatching(/^[ <>,;:()\r\n]{1,5}$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(around, local, around), { minLength: 1, maxLength: 5 }), (parts) => {
        const redacted = hide(parts.map(([before, name, behind]) => `${before}${name}@example.net${behind}`).join(""));
        for (const [, name] of parts) expect(redacted).not.toContain(name);
      }),
    );
  });

  test("a megabyte of signs and letters is one pass", () => {
    for (const text of [
      "@".repeat(1e6),
      "a".repeat(1e6),
      "a@".repeat(5e5),
      '"@'.repeat(5e5),
      "%40!&#64;!".repeat(1e5),
    ]) {
      expect(hide(text).length).toBeGreaterThan(0);
    }
  });

  test("in JSON, where an address may be kept in two parts", () => {
    const value = {
      reversePath: { kind: "address", localPart: "joe", domain: "example.net" },
      recipients: [{ address: "joe@example.net", permanent: true, score: 1 }],
      none: null,
    };
    expect(redactValue(value, () => "***")).toEqual({
      reversePath: { kind: "address", localPart: "***", domain: "example.net" },
      recipients: [{ address: "***@example.net", permanent: true, score: 1 }],
      none: null,
    });
  });
});

describe("one person", () => {
  const joe = personOf(parseAddress("joe@example.net") ?? { kind: "address", localPart: "", domain: "" });
  const muller = personOf({ kind: "address", localPart: "müller", domain: "xn--bcher-kva.example" }, [
    "bücher.example",
  ]);

  test.each([
    "Joe@Example.NET",
    "<joe@example.net>",
    '"joe"@example.net',
    "bounces+joe=example.net@example.com",
    "b-joe=example.net@example.com",
    "SRS0=HHH=TT=example.net=joe@forwarder.example",
    "SRS1=x=f.example==HHH=TT=example.net=joe@g.example",
    "prvs=078668d8b6=joe@example.net",
    "joe%40example.net",
    "joe=40example.net",
    "joe&#64;example.net",
    "joe%example.net@relay.example",
    "list-joe_at_example.net@example.com",
  ])("is in %s", (text) => {
    expect(joe.isIn(text)).toBe(true);
    expect(joe.isIn(joe.eraseFrom(text))).toBe(false);
  });

  test.each([
    "bigjoe@example.net",
    "joe@example.network",
    "joe@example.net.org",
    "joe.smith@example.net",
    "mary-joe@example.net",
    "joe@mail.example.net",
  ])("is not in %s", (text) => {
    expect(joe.isIn(text)).toBe(false);
    expect(joe.eraseFrom(text)).toBe(text);
  });

  test("is known in both spellings of the domain and of the letters", () => {
    expect(muller.isIn("<MÜLLER@bücher.example>")).toBe(true);
    expect(muller.isIn(`<${"müller".normalize("NFD")}@xn--bcher-kva.example>`)).toBe(true);
  });

  test("is found in whatever encoding a message has, also far behind the beginning and in what was pasted", () => {
    const forms = [
      `From: =?utf-8?b?${Buffer.from("joe@example.net").toString("base64")}?= <x@example.org>\n\n`,
      `Content-Transfer-Encoding: base64\n\n${Buffer.from(`${"x".repeat(300_000)} joe@example.net`).toString("base64")}\n`,
      "Content-Transfer-Encoding: quoted-printable\n\njoe=\n@exam=\nple.net\n",
      "Content-Type: text/html\n\n<b>&#106;oe&commat;example.net</b>\n",
      `Content-Type: text/plain; charset=utf-16le\nContent-Transfer-Encoding: base64\n\n${Buffer.from("joe@example.net", "utf16le").toString("base64")}\n`,
      `\n> pasted:\n\n${Buffer.from("Dear joe@example.net, hello").toString("base64")}\n\nend\n`,
      "Content-Disposition: attachment; filename*=utf-8''joe%40example.net\n\nx\n",
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nTo: joe@\n example.net\n\n--b--\n",
    ];
    for (const form of forms) {
      const texts = [...searchableTexts(Buffer.from(form))];
      expect(
        texts.some((text) => joe.isIn(text)),
        form.slice(0, 80),
      ).toBe(true);
    }
  });
});
