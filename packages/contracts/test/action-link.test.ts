import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { LINK_ACTIONS, readActionLink, signActionLink } from "../src/index.ts";

const SECRET = Buffer.alloc(32, 7);
const OTHER = Buffer.alloc(32, 8);
const EXPIRES = new Date("2026-12-06T07:00:00Z");
const BEFORE = new Date("2026-11-22T07:00:00Z");
const ID = "019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6071";

const anyLink = fc.record({
  action: fc.constantFrom(...LINK_ACTIONS),
  id: fc.uuid(),
  expires: fc.integer({ min: 0, max: 0xffff_ffff }).map((seconds) => new Date(seconds * 1_000)),
});

test("a link says again what was signed", () => {
  fc.assert(
    fc.property(anyLink, (link) => {
      const token = signActionLink(link, SECRET);
      expect(token).toMatch(/^[\w-]{51}$/);
      expect(readActionLink(token, [SECRET], new Date(-1))).toEqual({ kind: "valid", link });
    }),
  );
});

test("a link with any one bit changed is forged, whatever it says", () => {
  const octets = Buffer.from(signActionLink({ action: "release", id: ID, expires: EXPIRES }, SECRET), "base64url");
  for (let bit = 0; bit < octets.length * 8; bit += 1) {
    const changed = Buffer.from(octets);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(readActionLink(changed.toString("base64url"), [SECRET], BEFORE)).toEqual({ kind: "forged" });
  }
});

test("one link has one spelling: spare bits, padding and the other alphabet are forged", () => {
  const token = signActionLink({ action: "release", id: ID, expires: EXPIRES }, SECRET);
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const spare = `${token.slice(0, -1)}${alphabet[alphabet.indexOf(token.at(-1) ?? "") + 1]}`;
  for (const text of [spare, `${token}=`, `${token} `, "", "x".repeat(51), token.slice(1)]) {
    expect(readActionLink(text, [SECRET], BEFORE)).toEqual({ kind: "forged" });
  }
});

test("a link ends in the second that it names", () => {
  const token = signActionLink({ action: "acknowledge", id: ID, expires: EXPIRES }, SECRET);
  expect(readActionLink(token, [SECRET], new Date(EXPIRES.getTime() - 1)).kind).toBe("valid");
  expect(readActionLink(token, [SECRET], EXPIRES).kind).toBe("expired");
});

test("links of an older secret work as long as it is listed", () => {
  const token = signActionLink({ action: "release", id: randomUUID(), expires: EXPIRES }, OTHER);
  expect(readActionLink(token, [SECRET, OTHER], BEFORE).kind).toBe("valid");
  expect(readActionLink(token, [SECRET], BEFORE).kind).toBe("forged");
});

test("the token of a known link stays what it is, so that links in old mails work after an upgrade", () => {
  expect(signActionLink({ action: "release", id: ID, expires: EXPIRES }, SECRET)).toMatchInlineSnapshot(
    `"AQFrFQfwAZqzxF1uf4CaGyw9Tl9gcYYXnrNSLvp_2UJJxk7XWoY"`,
  );
});
