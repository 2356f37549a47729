import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTokenPattern, signBatv } from "../src/index.ts";
import {
  address,
  daysFrom,
  dsnReturning,
  envelopeTo,
  evidenceOf,
  NOW,
  plainReport,
  returnedWith,
  siteOf,
} from "./samples.ts";

const JOE = address("joe@example.com");
const KEY = { number: "0", secret: "secret" };
const batv = {
  keys: new Map([
    ["0", "secret"],
    ["7", "older secret"],
  ]),
  signsAllMail: false,
};
const site = siteOf({ batv });
const check = (forwardPath: string, now = NOW) =>
  evidenceOf("batv", { site, envelope: envelopeTo(forwardPath), ports: { now } });
const textOf = (path: { localPart: string; domain: string }) => `${path.localPart}@${path.domain}`;

describe("a BATV token", () => {
  test("is made as the draft says: key `secret`, number 0, on 2026-11-22", () => {
    expect(textOf(signBatv(JOE, KEY, NOW))).toBe("prvs=078668d8b6=joe@example.com");
  });

  test("in the forward-path proves that we sent the message", async () => {
    const found = await check("prvs=078668d8b6=joe@example.com");
    expect(found).toMatchObject({ outcome: "pass" });
    expect(found.strength).toBeUndefined();
    expect(found.detail).toContain("0 days old and valid for 7 more");
  });

  test("is verified with the key that it names, of several", async () => {
    const path = textOf(signBatv(JOE, { number: "7", secret: "older secret" }, NOW));
    expect((await check(path)).detail).toContain("our key 7");
    expect((await check(textOf(signBatv(JOE, { number: "0", secret: "older secret" }, NOW)))).outcome).toBe("fail");
  });

  test("survives an MTA that changes the case of letters", async () => {
    for (const path of ["PRVS=078668D8B6=joe@example.com", "prvs=078668d8b6=joe@EXAMPLE.com"]) {
      expect((await check(path)).outcome).toBe("pass");
    }
    // Signed in lower case, and folded to capitals on its way.
    expect((await check("PRVS=078668D8B6=JOE@EXAMPLE.COM")).outcome).toBe("pass");
  });

  test("is read in the order of the first drafts as well", async () => {
    expect((await check("prvs=joe/078668d8b6@example.com")).outcome).toBe("pass");
  });

  // Made by Exim 4.96: exim4 -be '${prvs{ADDRESS}{secret}{0}}' on 2026-11-22.
  test.each(["prvs=078668d8b6=joe@example.com", "prvs=0786770877=Joe@example.com"])(
    "made by Exim is ours: %s",
    async (path) => {
      expect((await check(path)).outcome).toBe("pass");
    },
  );

  test("whose capitals were lost on its way is ours where the returned header shows them", async () => {
    const folded = "prvs=0786770877=joe@example.com"; // signed for Joe@example.com
    const lost = await check(folded);
    expect(lost).toMatchObject({ outcome: "fail" });
    expect(lost.detail).toContain("or its capitals were lost on the way");
    for (const header of ["From: Joe <Joe@example.com>\r\n", "Return-Path: <prvs=0786770877=Joe@example.com>\r\n"]) {
      const report = dsnReturning(returnedWith(header));
      const found = await evidenceOf("batv", { site, envelope: envelopeTo(folded), report });
      expect(found.outcome).toBe("pass");
      expect(found.strength).toBeUndefined();
      expect(found.detail).toContain("with the capitals that the returned header shows");
    }
    const other = dsnReturning(returnedWith("From: <Jon@example.com>\r\n"));
    expect((await evidenceOf("batv", { site, envelope: envelopeTo(folded), report: other })).outcome).toBe("fail");
  });

  test("is read as a sub-address, as batv-milter can write it", async () => {
    for (const path of ["joe+prvs=078668d8b6@example.com", "joe-PRVS=078668D8B6@example.com"]) {
      expect((await check(path)).outcome).toBe("pass");
    }
    expect((await check("ann+prvs=078668d8b6@example.com")).outcome).toBe("fail");
    expect((await check("joe+prvs=0786@example.com")).outcome).toBe("neutral");
  });

  test("lives as long as the site says", async () => {
    const long = siteOf({ batv: { ...batv, validDays: 14 } });
    const envelope = { reversePath: undefined, forwardPaths: [signBatv(JOE, KEY, NOW, 14)] };
    const after = (count: number) => evidenceOf("batv", { site: long, envelope, ports: { now: daysFrom(NOW, count) } });
    expect((await after(14)).detail).toContain("14 days old and valid for 0 more");
    expect((await after(15)).outcome).toBe("fail");
    expect((await evidenceOf("batv", { site, envelope })).detail).toContain(
      "is dated in the future; tokens live 7 days",
    );
  });

  test.each([
    "btv1==068a4973b3a==joe@example.com",
    "btv1==0777abbcc85==joe@example.com",
    "btv1==078668d8b6==joe@example.com",
    "prvs=059bff19d=joe@example.com",
    "msprvs1=1202020UU5ulBw=joe@example.com",
  ])("of a vendor's unpublished form is neither proof nor forgery: %s", async (path) => {
    const found = await check(path);
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("cannot be checked");
  });

  test("that expired was ours once, and that is what the human is told", async () => {
    const path = textOf(signBatv(JOE, KEY, NOW));
    const found = await check(path, daysFrom(NOW, 9));
    expect(found).toMatchObject({ outcome: "fail", strength: "soft" });
    expect(found.detail).toContain("was once ours (key 0), but expired 2 days ago");
  });

  test("is still valid on its last day, and across the wrap-around of the day number at 1000", async () => {
    const wrap = new Date(20_990 * 86_400_000); // DDD of this day is 997, seven days later 4
    for (const start of [NOW, wrap, daysFrom(wrap, 3), daysFrom(wrap, 9)]) {
      const path = textOf(signBatv(JOE, KEY, start));
      expect((await check(path, daysFrom(start, 7))).outcome).toBe("pass");
      expect((await check(path, daysFrom(start, 8))).outcome).toBe("fail");
    }
  });

  test("dated further ahead than we ever sign is no proof", async () => {
    const found = await check(textOf(signBatv(JOE, KEY, daysFrom(NOW, 30))));
    expect(found.outcome).toBe("fail");
    expect(found.detail).toContain("dated in the future");
  });

  test("with an unknown key number says so, since the key may have been removed", async () => {
    const found = await check("prvs=378668d8b6=joe@example.com");
    expect(found).toMatchObject({ outcome: "fail", strength: "soft" });
    expect(found.detail).toContain("key number 3");
  });

  test("of another address does not fit", async () => {
    expect(await check("prvs=078668d8b6=ann@example.com")).toMatchObject({ outcome: "fail" });
    expect(await check("prvs=078668d8b6=joe@example.org")).toMatchObject({ outcome: "fail" });
  });

  test("is found among several forward-paths", async () => {
    const envelope = envelopeTo(
      "postmaster@example.com",
      "prvs=0786000000=joe@example.com",
      "prvs=078668d8b6=joe@example.com",
    );
    expect((await evidenceOf("batv", { site, envelope })).outcome).toBe("pass");
  });
});

describe("a BATV token in the Return-Path of the returned message", () => {
  const returning = (path: string) => dsnReturning(returnedWith(`Return-Path: <${path}>\r\nFrom: joe@example.com\r\n`));
  const strict = siteOf({ batv: { ...batv, signsAllMail: true } });
  const TOKEN = "prvs=078668d8b6=joe@example.com";

  test("proves that we signed that reverse-path, softly, since the line can be copied", async () => {
    for (const envelope of [
      envelopeTo("joe@example.com"),
      envelopeTo(),
      envelopeTo("prvs=0786000000=joe@example.com"),
    ]) {
      const found = await evidenceOf("batv", { site: strict, envelope, report: returning(TOKEN) });
      expect(found).toMatchObject({ outcome: "pass", strength: "soft" });
      expect(found.detail).toContain(
        "The Return-Path of the returned message carries a BATV token signed with our key 0",
      );
    }
  });

  test("does not weaken the same token in the forward-path", async () => {
    const found = await evidenceOf("batv", { site, envelope: envelopeTo(TOKEN), report: returning(TOKEN) });
    expect(found.strength).toBeUndefined();
  });

  test("says nothing when it is wrong or old: anybody can write that field", async () => {
    const envelope = envelopeTo("joe@example.com");
    const wrong = returning("prvs=0786000000=joe@example.com");
    expect((await evidenceOf("batv", { site, envelope, report: wrong })).outcome).toBe("neutral");
    const ports = { now: daysFrom(NOW, 20) };
    expect((await evidenceOf("batv", { site, envelope, report: returning(TOKEN), ports })).outcome).toBe("neutral");
  });
});

describe("without a BATV token", () => {
  const strict = siteOf({ batv: { ...batv, signsAllMail: true }, relays: ["mail.example.com"] });
  const bare = envelopeTo("joe@example.com");
  const report = dsnReturning(returnedWith(undefined), { reportingMta: "mx.example.net" });

  test("a DSN to the bare address speaks softly against us where all our mail is signed", async () => {
    expect(await evidenceOf("batv", { site: strict, envelope: bare, report })).toMatchObject({
      outcome: "fail",
      strength: "soft",
    });
  });

  test("nothing is said where not all mail is signed, or the DSN is of our own relay", async () => {
    expect((await evidenceOf("batv", { site, envelope: bare, report })).outcome).toBe("neutral");
    const own = dsnReturning(returnedWith(undefined), { reportingMta: "Mail.example.com" });
    expect((await evidenceOf("batv", { site: strict, envelope: bare, report: own })).outcome).toBe("neutral");
  });

  test("an SRS or VERP address is not suspected, because those are never BATV-signed", async () => {
    const pattern = parseTokenPattern("users-bounces+{recipient}@example.com", "address");
    if (pattern.kind === "bad-pattern") throw new Error(pattern.message);
    const all = siteOf({
      batv: { ...batv, signsAllMail: true },
      srs: { domain: "example.com", secrets: ["secret"], maxAgeDays: 21 },
      verp: [{ pattern, secrets: [], maxAgeDays: 30 }],
    });
    for (const path of ["SRS0=aaaa=JL=a.example=joe@example.com", "users-bounces+joe=example.net@example.com"]) {
      expect((await evidenceOf("batv", { site: all, envelope: envelopeTo(path), report })).outcome).toBe("neutral");
    }
    expect((await evidenceOf("batv", { site: all, envelope: bare, report })).outcome).toBe("fail");
  });

  test("a token proves nothing where who forges the report can write it: ENVID, Original-Recipient, other fields", async () => {
    const token = "prvs=078668d8b6=joe@example.com";
    const written = dsnReturning(returnedWith(`From: ${token}\r\nTo: ${token}\r\nSubject: ${token}\r\n`), {
      envelopeId: token,
      reportingMta: "mx.example.net",
    });
    const found = await evidenceOf("batv", { site: strict, envelope: bare, report: written });
    expect(found.outcome).toBe("fail");
  });

  test("a reply is not suspected, because people's programs reply to the header From", async () => {
    const reply = plainReport("auto-reply");
    expect((await evidenceOf("batv", { site: strict, envelope: bare, report: reply })).outcome).toBe("neutral");
  });

  test("an unknown forward-path is not looked at", async () => {
    expect((await evidenceOf("batv", { site: strict, envelope: envelopeTo(), report })).outcome).toBe("skip");
  });
});

describe("for every address, day and key", () => {
  const localPart = fc.stringMatching(/^[a-z0-9.+=_-]{1,30}$/);
  const secret = fc.string({ minLength: 1, maxLength: 40 });
  const day = fc.integer({ min: 0, max: 40_000 });
  const number = fc.integer({ min: 0, max: 9 }).map(String);

  test("what we sign, we accept for seven days and then no more", async () => {
    await fc.assert(
      fc.asyncProperty(
        localPart,
        secret,
        day,
        number,
        fc.integer({ min: 0, max: 400 }),
        async (local, key, start, k, later) => {
          const sender = { kind: "address", localPart: local, domain: "example.com" } as const;
          const signedOn = new Date(start * 86_400_000);
          const envelope = {
            reversePath: undefined,
            forwardPaths: [signBatv(sender, { number: k, secret: key }, signedOn)],
          };
          const found = await evidenceOf("batv", {
            site: siteOf({ batv: { keys: new Map([[k, key]]), signsAllMail: false } }),
            envelope,
            ports: { now: daysFrom(signedOn, later) },
          });
          expect(found.outcome).toBe(later <= 7 ? "pass" : "fail");
        },
      ),
    );
  });

  test("a token with any character changed is refused", async () => {
    await fc.assert(
      fc.asyncProperty(
        localPart,
        fc.integer({ min: 5, max: 14 }),
        fc.constantFrom(..."0123456789abcdef"),
        async (local, at, digit) => {
          const good = signBatv({ kind: "address", localPart: local, domain: "example.com" }, KEY, NOW);
          fc.pre(good.localPart.charAt(at) !== digit);
          const localPart = good.localPart.slice(0, at) + digit + good.localPart.slice(at + 1);
          const envelope = { reversePath: undefined, forwardPaths: [{ ...good, localPart }] };
          // 24 bits: no other day or key number signs to the same three bytes in these runs.
          expect((await evidenceOf("batv", { site, envelope })).outcome).not.toBe("pass");
        },
      ),
    );
  });

  test("whatever stands in a local part, it is looked at without stumbling", async () => {
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("prvs=", "btv1==", "0786", "=", "/", "68d8b6"),
    );
    const strange = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(strange, async (localPart) => {
        const path = { kind: "address", localPart, domain: "example.com" } as const;
        const found = await evidenceOf("batv", { site, envelope: { reversePath: undefined, forwardPaths: [path] } });
        expect(found.outcome).not.toBe("pass");
      }),
    );
  });

  test("the signature is that of the draft, computed here once more", () => {
    fc.assert(
      fc.property(localPart, secret, number, (local, key, k) => {
        const path = signBatv(
          { kind: "address", localPart: local, domain: "example.com" },
          { number: k, secret: key },
          NOW,
        );
        const hmac = createHmac("sha1", key).update(`${k}786${local}@example.com`).digest("hex");
        expect(path.localPart).toBe(`prvs=${k}786${hmac.slice(0, 6)}=${local}`);
      }),
    );
  });
});
