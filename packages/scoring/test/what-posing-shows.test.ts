/** What a message that poses as somebody else shows beside its words: each is a token that the text model weighs. */
import { readMessage } from "@triage/message";
import { textTokens } from "@triage/scoring";
import { describe, expect, test } from "vitest";

interface Mail {
  readonly from?: string;
  readonly subject?: string;
  readonly type?: string;
  readonly body?: string;
}

function tokensOf({ from = "Ann <ann@example.net>", subject = "hello", type = "text/plain", body = "hello" }: Mail) {
  const header = [
    `From: ${from}`,
    "To: postmaster@example.com",
    `Subject: ${subject}`,
    `Content-Type: ${type}; charset=utf-8`,
  ];
  return textTokens(readMessage(Buffer.from(`${header.join("\n")}\n\n${body}\n`)));
}

const html = (body: string): Mail => ({ type: "text/html", body: `<p>${body}</p>` });

describe("a program that fills in addresses", () => {
  test("puts the mailbox into the subject, the text and the links", () => {
    const tokens = tokensOf({
      subject: "Password of postmaster@example.com",
      body: "Keep it: https://keep.example.net/?u=postmaster@example.com",
    });
    expect(tokens).toEqual(
      expect.arrayContaining(["f:subject-names-recipient", "f:text-names-recipient", "f:link-names-recipient"]),
    );
  });

  test("puts it into links percent-encoded, or behind a number sign", () => {
    for (const end of ["?u=postmaster%40example.com", "#postmaster@example.com"]) {
      expect(tokensOf(html(`<a href="https://x.example.net/${end}">open</a>`))).toContain("f:link-names-recipient");
    }
  });

  test("a person who names the address beside a link does not", () => {
    const tokens = tokensOf({ body: "see https://www.example.net/contact and write to postmaster@example.com" });
    expect(tokens).toContain("f:text-names-recipient");
    expect(tokens).not.toContain("f:link-names-recipient");
  });

  test("a message without To says nothing about it", () => {
    expect(textTokens(readMessage(Buffer.from("From: a@example.net\n\npostmaster@example.com\n")))).not.toContain(
      "f:text-names-recipient",
    );
  });
});

describe("a sender", () => {
  test("of another domain who is called like ours", () => {
    expect(tokensOf({ from: '"example.com Mail Support" <a@desk.example>' })).toEqual(
      expect.arrayContaining(["f:name-is-our-domain", "f:name-of-office"]),
    );
  });

  test("who is called like another address", () => {
    expect(tokensOf({ from: '"boss@example.org" <a@desk.example>' })).toContain("f:name-is-address");
  });

  test("of our own domain is told from those, office or not", () => {
    const tokens = tokensOf({ from: "IT Support <it@example.com>" });
    expect(tokens).toEqual(expect.arrayContaining(["f:from-our-domain", "f:name-of-our-office"]));
    expect(tokens).not.toContain("f:name-of-office");
  });

  test("who is a person shows none of this", () => {
    expect(tokensOf({}).filter((token) => /^f:(?:name-|from-our)/.test(token))).toEqual([]);
  });
});

describe("a link", () => {
  test("that shows another site than it leads to", () => {
    const tokens = tokensOf(html('<a href="https://x.example.net/a">https://www.example.com/account</a>'));
    expect(tokens).toContain("f:link-shows-another");
  });

  test("that shows its own site under another host name does not", () => {
    const tokens = tokensOf(html('<a href="https://click.example.net/a">https://www.example.net/account</a>'));
    expect(tokens).not.toContain("f:link-shows-another");
  });

  test("to a page on a free host, a shortener, or a name in letters that look like others", () => {
    expect(tokensOf({ body: "https://example-login.weebly.com/a" })).toContain("u:free-host");
    expect(tokensOf({ body: "https://bit.ly/example" })).toContain("u:shortened");
    expect(tokensOf({ body: "https://xn--exmple-cua.test/" })).toContain("u:international");
    expect(
      tokensOf({ body: "https://www.example.net/" }).filter((token) => /^u:(?:free|short|inter)/.test(token)),
    ).toEqual([]);
  });
});

describe("letters that hide a word from filters", () => {
  test("are of two scripts, or do not show", () => {
    expect(tokensOf({ body: "your p\u0430ssword" })).toContain("f:mixed-scripts");
    expect(tokensOf({ body: "pass\u200bword" })).toContain("f:unseen-inside-word");
  });

  test("two languages in one message are no trick", () => {
    const tokens = tokensOf({ body: "Hello, привет, καλημέρα" });
    expect(tokens.filter((token) => token.startsWith("f:mixed") || token.startsWith("f:unseen"))).toEqual([]);
  });
});

describe("the beginning of a word", () => {
  test("stands for its forms, wherever they stand", () => {
    expect(tokensOf({ subject: "confirmation", body: "please confirm it" })).toEqual(
      expect.arrayContaining(["s:confirmation", "w:confirm", "p:confi"]),
    );
  });

  test("is not taken of short words", () => {
    expect(tokensOf({ body: "money today" }).filter((token) => token.startsWith("p:"))).toEqual([]);
  });
});
