import { expect, test } from "vitest";
import { addressAround, firstAddress, loneAddress } from "../../src/dialects/grammar/addresses.ts";
import { splitReport } from "../../src/dialects/grammar/report-text.ts";
import { DIALECTS } from "../../src/dialects/index.ts";

test.each([
  "--- Below this line is a copy of the message.",
  "------ This is a copy of the message, including all the headers. ------",
  "   ----- Original message follows -----",
  "----- Original Message -----",
  "Original message headers:",
  "|------------------------- Message text follows: ------------------------|",
  "-------- Returned Mail --------",
  "--- Mensaje original adjunto.",
  "Ursprüngliche Nachrichtenkopfzeilen:",
])("knows that the returned message follows: %s", (line) => {
  const text = `It failed.\n${line}\n\nSubject: x\n`;
  expect(splitReport(text)).toEqual({ lines: ["It failed."], returnedAt: text.indexOf("Subject") });
});

test.each([
  "The original message was received at Tue, 3 Nov 2026 09:15:02 +0100",
  "Returned mail could not be delivered to joe@example.net",
  "Original message was too large for joe@example.net",
])("a sentence of the report announces nothing: %s", (line) => {
  expect(splitReport(`It failed.\n${line}\nmore\n`)).toEqual({ lines: ["It failed.", line, "more"] });
});

test.each([
  ["  * joe@example.net", "joe@example.net"],
  ["<joe@example.net>:", "joe@example.net"],
  ['"joe doe"@example.net', '"joe doe"@example.net'],
  ["joe@[192.0.2.1]", "joe@[192.0.2.1]"],
  ["mailto:joe@example.net.", "joe@example.net"],
  ["joe@example.net is unknown", undefined],
  ["@example.net", undefined],
  ["joe@", undefined],
] as const)("an address alone on its line: %s", (line, address) => {
  expect(loneAddress(line)).toBe(address);
});

test("an address ends where the sentence goes on", () => {
  expect(firstAddress("no such user (joe@example.net), sorry")).toBe("joe@example.net");
  expect(firstAddress("RCPT TO:<joe+tag@example.net> SIZE=1")).toBe("joe+tag@example.net");
  expect(firstAddress("「joe@example.jp」は存在しません")).toBe("joe@example.jp");
  expect(addressAround("https://user@example.net/x", 12)).toBeUndefined();
});

test("every dialect has a name of its own and cites where its words come from", () => {
  const names = DIALECTS.map((dialect) => dialect.name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, source } of DIALECTS) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(source.length).toBeGreaterThan(10);
  }
});

test("each dialect is found by its own opening words, which nobody else has registered", () => {
  const taken = new Set<number>();
  for (const { name, markers } of DIALECTS) {
    expect(markers.end, name).toBeGreaterThan(markers.first);
    for (let number = markers.first; number < markers.end; number++) {
      expect(taken.has(number), name).toBe(false);
      taken.add(number);
    }
  }
});
