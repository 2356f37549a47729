import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fillTokenPattern, type PatternedTokenProfile, parseTokenPattern } from "../src/index.ts";
import { verifyPatternedToken } from "../src/tokens/patterned-token.ts";
import { address, daysFrom, NOW } from "./samples.ts";

const SECRET = "a secret of 16 chars";

function profileOf(source: string, secrets: readonly string[] = [SECRET]): PatternedTokenProfile {
  const pattern = parseTokenPattern(source, source.includes("@") ? "address" : "envelope-id");
  if (pattern.kind === "bad-pattern") throw new Error(pattern.message);
  return { pattern, secrets: source.includes("{hmac") ? secrets : [], maxAgeDays: 30 };
}

const read = (source: string, text: string, now = NOW) => verifyPatternedToken(text, profileOf(source), now);
const recipientIn = (source: string, text: string) => {
  const found = read(source, text);
  return found.kind === "alike" ? found.recipient : found.kind;
};

describe("a pattern finds the recipient as the mailing programs write it", () => {
  test.each([
    ["Mailman", "users-bounces+{recipient}@lists.example.com", "users-bounces+joe=example.net@lists.example.com"],
    [
      "Sympa",
      "bounce+{local}==a=={domain}==users@lists.example.com",
      "bounce+joe==a==example.net==users@lists.example.com",
    ],
    ["ezmlm", "users-return-{id}-{recipient}@lists.example.com", "users-return-42-joe=example.net@lists.example.com"],
    ["Postfix XVERP", "owner-users+{recipient}@example.com", "owner-users+joe=example.net@example.com"],
    [
      "a mailing service",
      "bounces+{id}-{any}-{recipient}@em.example.com",
      "bounces+1234-ab12-joe=example.net@em.example.com",
    ],
  ])("%s", (_, pattern, text) => {
    expect(recipientIn(pattern, text)).toBe("joe@example.net");
    expect(recipientIn(pattern, text.toUpperCase())).toBe("joe@example.net");
  });

  test("also where the local part holds the separators", () => {
    const pattern = "users-bounces+{recipient}@lists.example.com";
    expect(recipientIn(pattern, "users-bounces+a=b+c-d=example.net@lists.example.com")).toBe("a=b+c-d@example.net");
  });

  test.each([
    ["another domain", "users-bounces+joe=example.net@example.com"],
    ["another list", "staff-bounces+joe=example.net@lists.example.com"],
    ["no domain", "users-bounces+joe@lists.example.com"],
    ["a host name of one word", "users-bounces+joe=localhost@lists.example.com"],
    ["no local part", "users-bounces+=example.net@lists.example.com"],
    ["nothing", "users-bounces+@lists.example.com"],
  ])("but not in %s", (_, text) => {
    expect(recipientIn("users-bounces+{recipient}@lists.example.com", text)).toBe("no-match");
  });
});

describe("a pattern with an HMAC", () => {
  const PATTERN = "bounces+{id}-{hmac}@lists.example.com";

  // printf %s 'bounces+42-@lists.example.com' | openssl dgst -sha256 -hmac 'a secret of 16 chars' | cut -c1-16
  test("is filled as openssl fills it", () => {
    expect(fillTokenPattern(profileOf(PATTERN), { id: "42" }, NOW)).toEqual({
      kind: "filled",
      text: "bounces+42-6e134be35faefb69@lists.example.com",
    });
  });

  // exim4 -be '${hmac{sha1}{a secret of 16 chars}{bounces+42-@example.com}}' (4.96)
  test("can be an HMAC-SHA1, which Exim can write", () => {
    const hmac = "4ec3425d260ec15b48900272429575f043de6f45";
    expect(read("bounces+{id}-{hmac-sha1:40}@example.com", `bounces+42-${hmac}@example.com`).kind).toBe("signed");
    expect(read("bounces+{id}-{hmac-sha1:40}@example.com", `bounces+43-${hmac}@example.com`).kind).toBe("wrong-hash");
  });

  test("is accepted with each secret, and says with which", () => {
    const old = fillTokenPattern(profileOf(PATTERN, ["the secret of before"]), { id: "42" }, NOW);
    const both = profileOf(PATTERN, [SECRET, "the secret of before"]);
    const text = old.kind === "filled" ? old.text : "";
    expect(verifyPatternedToken(text, both, NOW)).toMatchObject({ kind: "signed", secretNumber: 2 });
  });

  test("may say its day, and then lives as long as it is told", () => {
    const dated = profileOf("b.{date}.{id}.{hmac}@example.com");
    const made = fillTokenPattern(dated, { id: "x" }, NOW);
    const text = made.kind === "filled" ? made.text : "";
    expect(text).toContain("b.20261122.x.");
    const after = (days: number) => verifyPatternedToken(text, dated, daysFrom(NOW, days));
    expect(after(30)).toMatchObject({ kind: "signed", isCurrent: true, ageDays: 30 });
    expect(after(31)).toMatchObject({ kind: "signed", isCurrent: false });
    expect(after(-1)).toMatchObject({ isCurrent: true });
    expect(after(-2)).toMatchObject({ isCurrent: false });
  });

  test("signs a date that is none of the calendar, and never takes it for current", () => {
    const hmac = createHmac("sha256", SECRET).update("b.20261399.x.@example.com").digest("hex").slice(0, 16);
    expect(read("b.{date}.{id}.{hmac}@example.com", `b.20261399.x.${hmac}@example.com`)).toMatchObject({
      kind: "signed",
      isCurrent: false,
    });
  });

  test("says which value is missing, and refuses one that would be read back differently", () => {
    const fill = (source: string, values: object) => fillTokenPattern(profileOf(source), values, NOW);
    expect(fill(PATTERN, {})).toEqual({ kind: "missing", name: "id" });
    expect(fill("b+{recipient}@example.com", {})).toEqual({ kind: "missing", name: "recipient" });
    expect(fill("b+{id}-{recipient}@example.com", { id: "a-b", recipient: address("joe@example.net") })).toEqual({
      kind: "ambiguous",
    });
  });
});

test.each([
  ["bounces@example.com", "has no placeholder"],
  ["bounces+{id}", "must be an address such as bounces+{id}-{hmac}@example.com"],
  ["bounces+{id}@", "has no domain behind the @"],
  ["bounces@{id}.example.com", "may have placeholders left of the @ only"],
  ["bounces+{token}@example.com", "has an unknown placeholder {token}"],
  ["bounces+{id}-{id}@example.com", "has {id} twice"],
  ["bounces+{id}{hmac}@example.com", "has two placeholders side by side"],
  ["bounces+{id@example.com", "has a { without its }"],
  ["bounces+id}@example.com", "has a } without its {"],
  ["bounces+{hmac:4}@example.com", "has {hmac:4}, but the length must be 8 to 64"],
  ["bounces+{id:4}@example.com", "has {id:4}, but {id} takes no length"],
  ["bounces+{hmac}-{hmac-sha1}@example.com", "keep one of them"],
  ["bounces+{local}@example.com", "needs {local} and {domain}, or neither"],
  ["{any}@example.com", "matches too much"],
  [`${"b".repeat(400)}{id}@example.com`, "is longer than 320 characters"],
])("the pattern %s is refused with a reason", (source, reason) => {
  const found = parseTokenPattern(source, "address");
  expect(found).toMatchObject({ kind: "bad-pattern" });
  expect(found.kind === "bad-pattern" && found.message).toContain(reason);
});

test("the pattern of an ENVID may not hold what SMTP writes otherwise (RFC 3461 section 4)", () => {
  for (const source of ["{id}+{hmac}", "{recipient}.{hmac}"]) {
    expect(parseTokenPattern(source, "envelope-id")).toMatchObject({ kind: "bad-pattern" });
  }
  expect(parseTokenPattern("{local}_{domain}.{hmac}", "envelope-id").kind).toBe("pattern");
});

describe("for every address", () => {
  const recipient = fc
    .tuple(fc.stringMatching(/^[A-Za-z0-9.+=_-]{1,20}$/), fc.stringMatching(/^[a-z0-9]{1,10}\.(example|test)$/))
    .map(([localPart, domain]) => ({ kind: "address", localPart, domain }) as const);
  const id = fc.stringMatching(/^[A-Za-z0-9_.]{1,12}$/);
  const pattern = fc.constantFrom(
    "b+{id}-{hmac}-{recipient}@example.com",
    "{hmac:8}.{recipient}@example.com",
    "b-{date}-{id}-{any}-{hmac-sha1:10}@example.com",
    "{id}.{hmac}",
  );

  test("what we fill, we read back with its recipient, however its case is folded", () => {
    fc.assert(
      fc.property(pattern, id, recipient, fc.boolean(), (source, value, to, fold) => {
        const profile = profileOf(source);
        const filled = fillTokenPattern(profile, { id: value, recipient: to }, NOW);
        if (filled.kind !== "filled") throw new Error(filled.kind);
        const found = verifyPatternedToken(fold ? filled.text.toUpperCase() : filled.text, profile, NOW);
        expect(found).toMatchObject({ kind: "signed", isCurrent: true });
        if (found.kind !== "signed" || found.recipient === undefined) return;
        expect(found.recipient).toBe(`${to.localPart}@${to.domain}`.toLowerCase());
      }),
    );
  });

  test("any change of one character of the token, but for its case, is not ours", () => {
    fc.assert(
      fc.property(
        pattern,
        id,
        recipient,
        fc.nat(),
        fc.constantFrom(..."abcdef0123-=.@"),
        (source, value, to, at, change) => {
          const profile = profileOf(source);
          const filled = fillTokenPattern(profile, { id: value, recipient: to }, NOW);
          if (filled.kind !== "filled") throw new Error(filled.kind);
          const place = at % filled.text.length;
          fc.pre(filled.text.charAt(place).toLowerCase() !== change);
          const changed = filled.text.slice(0, place) + change + filled.text.slice(place + 1);
          expect(verifyPatternedToken(changed, profile, NOW).kind).not.toBe("signed");
        },
      ),
    );
  });

  test("patterns and texts of strangers are read without stumbling", () => {
    const piece = fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom(
        "{id}",
        "{any}",
        "{hmac}",
        "{recipient}",
        "{date}",
        "b+",
        "=",
        "-",
        "@example.com",
        "20261122",
        "\u0130",
      ),
    );
    const text = fc.array(piece, { maxLength: 8 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, fc.constantFrom("address", "envelope-id"), (source, given, form) => {
        const found = parseTokenPattern(source, form);
        if (found.kind === "bad-pattern") {
          expect(found.message).toMatch(/^(has|must|may|is|needs|matches) /);
        } else {
          const profile = { pattern: found, secrets: [SECRET], maxAgeDays: 30 };
          expect(verifyPatternedToken(given, profile, NOW).kind).not.toBe("signed");
        }
      }),
    );
  });
});
