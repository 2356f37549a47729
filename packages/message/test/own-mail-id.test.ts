import fc from "fast-check";
import { expect, test } from "vitest";
import { formatOwnMailId, type OwnMail, readOwnMailId } from "../src/index.ts";

const SECRET = "a secret of sixteen characters";
const ID = "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b";
const NOTE: OwnMail = { id: ID, step: undefined, domain: "example.com" };

const step = fc.option(fc.stringMatching(/^[a-z0-9-]{1,40}$/), { nil: undefined });
const domain = fc.domain().map((name) => name.toLowerCase());
const mails: fc.Arbitrary<OwnMail> = fc.record({ id: fc.uuid(), step, domain });
const secrets = fc.string({ minLength: 16, maxLength: 64 });

test("every mail of ours is known again by its id, with the step that it tells", () => {
  fc.assert(
    fc.property(mails, secrets, (mail, secret) => {
      expect(readOwnMailId(formatOwnMailId(mail, secret), [secret])).toEqual(mail);
    }),
  );
});

test("the same mail always has the same id, and the steps of one incident have different ones", () => {
  const begin = { ...NOTE, step: "begin" };
  expect(formatOwnMailId(NOTE, SECRET)).toBe(formatOwnMailId({ ...NOTE }, SECRET));
  expect(formatOwnMailId(begin, SECRET)).not.toBe(formatOwnMailId({ ...NOTE, step: "10" }, SECRET));
  expect(formatOwnMailId(begin, SECRET)).toMatch(new RegExp(`^<${ID}\\.begin\\.[0-9a-f]{20}@example\\.com>$`));
});

test("an id made with another secret is not ours", () => {
  fc.assert(
    fc.property(mails, secrets, secrets, (mail, secret, other) => {
      fc.pre(secret !== other);
      expect(readOwnMailId(formatOwnMailId(mail, other), [secret])).toBeUndefined();
    }),
  );
});

test("an id with one character changed is not ours: neither id nor step nor domain can be put on another tag", () => {
  fc.assert(
    fc.property(mails, fc.nat(), fc.constantFrom(..."0123456789abcdef.-@"), (mail, at, character) => {
      const messageId = formatOwnMailId(mail, SECRET);
      const place = 1 + (at % (messageId.length - 2));
      const changed = messageId.slice(0, place) + character + messageId.slice(place + 1);
      fc.pre(changed !== messageId);
      expect(readOwnMailId(changed, [SECRET])).toBeUndefined();
    }),
  );
});

test("after the secret was changed, ids of the old one are known as long as it is listed", () => {
  const old = formatOwnMailId(NOTE, SECRET);
  expect(readOwnMailId(old, ["the newest secret of all", SECRET])).toEqual(NOTE);
  expect(readOwnMailId(old, ["the newest secret of all"])).toBeUndefined();
});

test("a mail system that changes the case of letters, or folds the field, hides nothing", () => {
  const messageId = formatOwnMailId({ ...NOTE, domain: "Example.COM" }, SECRET);
  expect(readOwnMailId(` ${messageId.toUpperCase()}\r\n`, [SECRET])).toEqual(NOTE);
});

test("whatever stands in a Message-ID field, reading it does no harm", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 2_000, unit: "binary" }), (text) => {
      expect(readOwnMailId(text, [SECRET])).toBeUndefined();
    }),
  );
});

test("parts that could not be read back are a defect of ours and said at once", () => {
  expect(() => formatOwnMailId({ ...NOTE, id: "1" }, SECRET)).toThrow(TypeError);
  expect(() => formatOwnMailId({ ...NOTE, step: "x\r\nBcc: a" }, SECRET)).toThrow(TypeError);
});
