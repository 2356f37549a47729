import { describe, expect, test } from "vitest";
import { MAX_RECIPIENTS } from "../src/dsn/groups.ts";
import { parseStatusText } from "../src/dsn/parse-status.ts";
import { MAX_DIAGNOSTIC_CHARS } from "../src/dsn/recipient.ts";
import { chooseStatus, parseStatus } from "../src/dsn/status.ts";
import { parseTypedAddress, parseTypedName } from "../src/dsn/typed-address.ts";

function recipients(...lines: readonly string[]) {
  return parseStatusText(["Reporting-MTA: dns; mx.example.net", "", ...lines].join("\n")).recipients;
}

describe("the groups of a delivery-status part (RFC 3464 section 2.1)", () => {
  test("keeps status and Diagnostic-Code of each recipient apart", () => {
    const found = recipients(
      ...[
        "Final-Recipient: rfc822; joe@example.net",
        "Action: failed",
        "Status: 5.1.1",
        "Diagnostic-Code: smtp; 550 one",
        "",
      ],
      ...[
        "Final-Recipient: rfc822; ann@example.net",
        "Action: failed",
        "Status: 5.2.2",
        "Diagnostic-Code: smtp; 552 two",
      ],
    );
    expect(found.map((one) => [one.addressText, one.status, one.diagnostic])).toEqual([
      ["joe@example.net", "5.1.1", "smtp; 550 one"],
      ["ann@example.net", "5.2.2", "smtp; 552 two"],
    ]);
  });

  test("tells recipients apart without blank lines between them, whatever field comes first", () => {
    const actionFirst = recipients(
      ...["Action: failed", "Status: 5.1.1", "Final-Recipient: rfc822;joe@example.net"],
      ...["Action: delayed", "Status: 4.2.2", "Final-Recipient: rfc822;ann@example.net"],
    );
    expect(actionFirst.map((one) => [one.addressText, one.action])).toEqual([
      ["joe@example.net", "failed"],
      ["ann@example.net", "delayed"],
    ]);
  });

  test("a blank line between the fields of one recipient does not make two of him", () => {
    const found = recipients("Final-Recipient: rfc822;joe@example.net", "", "Action: failed", "", "Status: 5.1.1");
    expect(found.map((one) => [one.addressText, one.action, one.status])).toEqual([
      ["joe@example.net", "failed", "5.1.1"],
    ]);
  });

  test("a repeated Diagnostic-Code is kept whole, folds and all", () => {
    const [one] = recipients(
      ...["Final-Recipient: rfc822;joe@example.net", "Action: failed", "Status: 5.0.0"],
      ...["Diagnostic-Code: smtp; 550-5.7.1 first", "\tline", "Diagnostic-Code: smtp; 550 5.7.1 second"],
    );
    expect(one?.diagnostic).toBe("smtp; 550-5.7.1 first line smtp; 550 5.7.1 second");
  });

  test("the same mailbox reported twice in the same words is one recipient", () => {
    const group = ["Final-Recipient: rfc822;joe@example.net", "Action: failed", "Status: 5.1.1", ""];
    expect(recipients(...group, ...group)).toHaveLength(1);
  });

  test("a blank before the colon is no reason to lose the field", () => {
    expect(recipients("Final-Recipient : rfc822;joe@example.net", "Action : failed", "Status : 5.1.1")[0]?.status).toBe(
      "5.1.1",
    );
  });

  test("more recipients than the limit leave a defect", () => {
    const groups = Array.from({ length: MAX_RECIPIENTS + 1 }, (_, n) => [
      `Final-Recipient: rfc822; u${n}@example.net`,
      "Action: failed",
      "",
    ]);
    const parsed = parseStatusText(groups.flat().join("\n"));
    expect(parsed.recipients).toHaveLength(MAX_RECIPIENTS);
    expect(parsed.defects.map((defect) => defect.code)).toContain("too-many-recipients");
  });

  test("a diagnostic is cut at its limit", () => {
    const [one] = recipients(
      "Final-Recipient: rfc822;joe@example.net",
      "Action: failed",
      `Diagnostic-Code: smtp; 550 ${"x".repeat(5_000)}`,
    );
    expect(one?.diagnostic).toHaveLength(MAX_DIAGNOSTIC_CHARS);
  });
});

describe("the fields of one recipient", () => {
  test.each([
    ["Failed", "failed", true],
    ["DELAYED", "delayed", false],
    ["failed (Bad destination mailbox address)", "failed", true],
    ["relayed", "relayed", false],
    ["expanded", "expanded", false],
    ["error", "failed", true],
    ["deliverable", "delivered", false],
  ])("Action: %s is %s (RFC 3464 section 2.3.3)", (word, action, permanent) => {
    const [one] = recipients("Final-Recipient: rfc822;joe@example.net", `Action: ${word}`);
    expect([one?.action, one?.permanent]).toEqual([action, permanent]);
  });

  test("an unknown Action is kept as a defect and taken for a failure, the mistake that costs less", () => {
    const parsed = parseStatusText("Final-Recipient: rfc822;joe@example.net\nAction: exploded\nStatus: 5.1.1");
    expect(parsed.recipients[0]?.action).toBe("failed");
    expect(parsed.defects.map((defect) => defect.code)).toEqual(["bad-action"]);
  });

  test("a Final-Recipient that is no mail address gives way to the Original-Recipient, and is kept as spelled", () => {
    const [one] = recipients(
      "Original-Recipient: rfc822;joe@example.net",
      "Final-Recipient: x400; /S=Doe/ADMD= /C=WW/",
      "Action: failed",
    );
    expect(one?.addressText).toBe("/S=Doe/ADMD= /C=WW/");
    expect(one?.address).toMatchObject({ localPart: "joe", domain: "example.net" });
  });

  test("a failure with a 4.x.x status was given up, but is not permanent", () => {
    expect(recipients("Final-Recipient: rfc822;joe@example.net", "Action: failed", "Status: 4.4.1")[0]?.permanent).toBe(
      false,
    );
  });

  test("an empty Diagnostic-Code says nothing", () => {
    expect(
      recipients("Final-Recipient: rfc822;joe@example.net", "Action: failed", "Diagnostic-Code: SMTP; ")[0]?.diagnostic,
    ).toBeUndefined();
  });
});

describe("the status that is shown", () => {
  test.each<[string | undefined, string, string, string]>([
    ["5.0.0", "5.7.1", "5.7.1", "the diagnostic is exact where the Status is generic"],
    [undefined, "5.1.1", "5.1.1", "the diagnostic stands in where the Status is missing"],
    ["5.2.2", "5.0.0", "5.2.2", "a generic diagnostic does not blur an exact Status"],
    ["5.1.1", "5.7.1", "5.1.1", "two exact ones: the report's own field counts"],
    ["4.4.7", "4.2.2", "4.2.2", "given up after days: the last words of the remote tell why"],
    ["4.5.0", "5.5.0", "5.5.0", "refused in the greeting, retried, given up: the remote's own class"],
  ])("Status %s beside a diagnostic with %s is %s: %s", (reported, spoken, expected) => {
    expect(chooseStatus(reported, spoken)).toBe(expected);
  });

  test.each(["5.1", "6.1.1", "five", "5.1.1.1", "5.1111.1"])(
    "%s is no enhanced status code (RFC 3463 section 2)",
    (text) => {
      expect(parseStatus(text)).toBeUndefined();
    },
  );
});

describe("typed values", () => {
  test.each([
    ["rfc822; joe@example.net", "joe@example.net"],
    ["RFC822;<joe@example.net>", "joe@example.net"],
    ["rfc/822;joe@example.net", "joe@example.net"],
    ["<joe@example.net>", "joe@example.net"],
    ["rfc822; joe@example.net (expanded from: <staff>)", "joe@example.net"],
    ["rfc822; Joe Doe <joe@example.net>", "joe@example.net"],
    ["rfc822; 'joe@example.net'", "joe@example.net"],
    ["rfc822;mailto:joe@example.net", "joe@example.net"],
    ["utf-8; 用户@例子.example", "用户@例子.example"],
    ["utf-8; \\x{7528}\\x{6237}@example.net", "用户@example.net"],
  ])("the address of %s is %s (RFC 3464 section 2.1.2, RFC 6533 section 3)", (value, address) => {
    expect(parseTypedAddress(value)?.text).toBe(address);
    expect(parseTypedAddress(value)?.address).toBeDefined();
  });

  test.each(["x400; /S=Doe@x/ADMD= /", "rfc822; |/usr/bin/filter", "unknown; joe"])(
    "%s is no mail address",
    (value) => {
      expect(parseTypedAddress(value)?.address).toBeUndefined();
    },
  );

  test.each([
    ["dns; mx.example.net", "mx.example.net"],
    ["dns; mx.example.net (TCP|192.0.2.1|25)", "mx.example.net"],
    ["mx.example.net.", "mx.example.net"],
    ["DNS;mx.example.net:25", "mx.example.net"],
    ["dns; [192.0.2.1] (192.0.2.1)", "[192.0.2.1]"],
    ["dns;", undefined],
  ])("the MTA of %s is %s", (value, name) => {
    expect(parseTypedName(value)).toBe(name);
  });
});
