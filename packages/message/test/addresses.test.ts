import {
  type Address,
  formatAddress,
  NULL_REVERSE_PATH,
  parseAddress,
  parseAddressList,
  parseMailboxList,
  parseReversePath,
} from "@triage/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

function address(localPart: string, domain: string): Address {
  return { kind: "address", localPart, domain };
}

describe("an address", () => {
  test.each([
    ["joe@example.com", "joe", "example.com"],
    ["  <Joe.Doe@EXAMPLE.Com.>  ", "Joe.Doe", "example.com"],
    ["Joe Doe <joe@example.com>", "joe", "example.com"],
    ['"Doe, Joe" <joe@example.com>', "joe", "example.com"],
    ["joe@example.com (Joe (the other) Doe)", "joe", "example.com"],
    ["joe (comment) . doe @ example . com", "joe.doe", "example.com"],
    ['"joe doe"@example.com', "joe doe", "example.com"],
    ['"a\\"b\\\\@c"@example.com', 'a"b\\@c', "example.com"],
    ['"joe".doe@example.com', "joe.doe", "example.com"],
    ["<@a.example,@b.example:joe@example.com>", "joe", "example.com"],
    ["@a.example,@b.example:joe@example.com", "joe", "example.com"],
    ["joe@[192.0.2.1]", "joe", "[192.0.2.1]"],
    ["<joe@[IPv6:2001:DB8::1]>", "joe", "[ipv6:2001:db8::1]"],
    ["太郎@例え.jp", "太郎", "例え.jp"],
    ["SRS0=HHH=TT=example.org=joe@example.com", "SRS0=HHH=TT=example.org=joe", "example.com"],
    ["joe@local@example.com", "joe@local", "example.com"],
    ["joe..doe.@example.com", "joe..doe.", "example.com"],
    ["Pete (a \\) chap) <pete(his account)@silly.test(his host)>", "pete", "silly.test"],
    ["<'joe@example.com'>", "joe", "example.com"],
    ["o'hara@example.com", "o'hara", "example.com"],
    ["<MAILER-DAEMON>", "MAILER-DAEMON", ""],
    ["Joe Doe joe@example.com", "joe", "example.com"],
    ["<joe@example.com", "joe", "example.com"],
  ])("is read from %s", (text, localPart, domain) => {
    expect(parseAddress(text)).toEqual(address(localPart, domain));
  });

  test.each([
    "",
    "joe",
    "@example.com",
    "joe@",
    "joe@.",
    "joe@example..com",
    "<a;b>",
    "joe@exa'mple.com",
    "joe@exa$mple.com",
    "joe@[]",
    "joe@[1.2.3.4",
    '"joe@example.com',
    "<>",
    "Undisclosed recipients:;",
    "mailto:",
    `${"x".repeat(600)}@example.com`,
    `joe@${"x".repeat(300)}`,
    "joe@exam\0ple.com",
  ])("is not guessed from %j", (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  test("is written so that it reads back the same", () => {
    expect(formatAddress(address("joe", "example.com"))).toBe("joe@example.com");
    expect(formatAddress(address('j "o\\e', "example.com"))).toBe('"j \\"o\\\\e"@example.com');
    expect(formatAddress(address("a..b", "[ipv6:::1]"))).toBe('"a..b"@[ipv6:::1]');
    expect(formatAddress(address("MAILER-DAEMON", ""))).toBe("MAILER-DAEMON");
  });

  test("reads back the same for every local part that can be sent", () => {
    const localPart = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 60 })
      .filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(localPart, (text) => {
        expect(parseAddress(formatAddress(address(text, "example.com")))).toEqual(address(text, "example.com"));
      }),
    );
  });
});

describe("the value of a To field", () => {
  test("gives every address in order, members of groups included (RFC 5322 section 3.4)", () => {
    const value =
      'Ann <ann@example.com>, team: joe@example.org, "J, D" <jd@example.org>;, (nobody), eve@example.net (Eve)';
    expect(parseMailboxList(value)).toEqual([
      { name: "Ann", address: address("ann", "example.com") },
      { name: "", address: address("joe", "example.org") },
      { name: "J, D", address: address("jd", "example.org") },
      { name: "Eve", address: address("eve", "example.net") },
    ]);
  });

  test("decodes names (RFC 2047), quoted or not", () => {
    const value = '=?utf-8?Q?J=C3=BCrgen?= <a@example.com>, "=?utf-8?Q?J=C3=B6rg?=" <b@example.com>';
    expect(parseMailboxList(value).map((mailbox) => mailbox.name)).toEqual(["Jürgen", "Jörg"]);
  });

  test("leaves out what is no address and keeps the rest", () => {
    expect(parseAddressList("nobody, joe@example.com,,; <broken@>, eve@example.net")).toEqual([
      address("joe", "example.com"),
      address("eve", "example.net"),
    ]);
  });

  test("may be the name of a daemon alone, but not a word among others", () => {
    expect(parseAddressList(" MAILER-DAEMON ")).toEqual([address("MAILER-DAEMON", "")]);
    expect(parseAddressList("Doe, Joe <joe@example.com>")).toEqual([address("joe", "example.com")]);
    expect(parseAddressList("Mail Delivery System")).toEqual([]);
    expect(parseAddressList("undisclosed-recipients:;")).toEqual([]);
  });

  test("is cut after a thousand addresses", () => {
    expect(parseAddressList("a@b.example,".repeat(2_000))).toHaveLength(1_000);
  });
});

describe("a reverse-path", () => {
  test.each(["<>", "", "  ", "< >"])("written %j is the null reverse-path (RFC 5321 section 4.5.5)", (text) => {
    expect(parseReversePath(text)).toBe(NULL_REVERSE_PATH);
  });

  test("that is an address is one, and one that is nothing is undefined, not null", () => {
    expect(parseReversePath("<joe@example.com>")).toEqual(address("joe", "example.com"));
    expect(parseReversePath("prvs=078668d8b6=joe@example.com")).toEqual(address("prvs=078668d8b6=joe", "example.com"));
    expect(parseReversePath("<@>")).toBeUndefined();
    expect(parseReversePath("null")).toBeUndefined();
  });
});

test("no text makes the address parsers throw", () => {
  const pieces = [
    "<",
    ">",
    "@",
    '"',
    "\\",
    "(",
    ")",
    ",",
    ";",
    ":",
    "[",
    "]",
    " ",
    ".",
    "joe",
    "example.com",
    "=?utf-8?Q?a?=",
    "é",
  ];
  const text = fc.oneof(
    fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join("")),
    fc.string({ unit: "binary" }),
  );
  fc.assert(
    fc.property(text, (value) => {
      parseReversePath(value);
      for (const found of parseAddressList(value)) expect(parseAddress(`<${formatAddress(found)}>`)).toEqual(found);
    }),
    { numRuns: 1_000, examples: [["joe@[(]"], ["joe@[>]"], ['joe@["]']] },
  );
});
