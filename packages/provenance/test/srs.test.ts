import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signSrs } from "../src/index.ts";
import { address, daysFrom, dsnReturning, envelopeTo, evidenceOf, returnedWith, siteOf } from "./samples.ts";

/** postsrsd's own unit test: secret `tops3cr3t`, 2020-01-01 00:01 UTC. */
const POSTSRSD_DAY = new Date(1_577_836_860_000);
const POSTSRSD_ADDRESS = "SRS0=vmyz=2W=otherdomain.com=test@example.com";

const site = siteOf({ srs: { domain: "example.com", secrets: ["new secret", "tops3cr3t"], maxAgeDays: 21 } });
const check = (forwardPath: string, now = POSTSRSD_DAY) =>
  evidenceOf("srs", { site, envelope: envelopeTo(forwardPath), ports: { now } });
const textOf = (path: { localPart: string; domain: string }) => `${path.localPart}@${path.domain}`;

describe("an SRS0 address", () => {
  test("is made as postsrsd and libsrs2 make it", () => {
    expect(textOf(signSrs(address("test@otherdomain.com"), "example.com", "tops3cr3t", POSTSRSD_DAY))).toBe(
      POSTSRSD_ADDRESS,
    );
  });

  test("of ours proves that we forwarded the message, and names the original sender", async () => {
    const found = await check(POSTSRSD_ADDRESS);
    expect(found.outcome).toBe("pass");
    expect(found.detail).toContain("we forwarded mail of test@otherdomain.com");
  });

  test.each([
    ["with + after the tag, as postfix sites configure it", "SRS0+vmyz=2W=otherdomain.com=test@example.com"],
    ["with - after the tag", "SRS0-vmyz=2W=otherdomain.com=test@example.com"],
    ["lower-cased on its way", "srs0=vmyz=2w=otherdomain.com=test@example.com"],
    ["upper-cased on its way", "SRS0=VMYZ=2W=OTHERDOMAIN.COM=TEST@EXAMPLE.COM"],
    ["with a longer hash", "SRS0=vmyz7B=2W=otherdomain.com=test@example.com"],
  ])("is ours %s", async (_, path) => {
    expect((await check(path)).outcome).toBe("pass");
  });

  test("is refused when its hash is cut below four characters, which could be guessed", async () => {
    expect((await check("SRS0=vmy=2W=otherdomain.com=test@example.com")).outcome).toBe("fail");
  });

  test("that is too old was ours once, and that is what the human is told", async () => {
    expect((await check(POSTSRSD_ADDRESS, daysFrom(POSTSRSD_DAY, 21))).outcome).toBe("pass");
    const found = await check(POSTSRSD_ADDRESS, daysFrom(POSTSRSD_DAY, 22));
    expect(found).toMatchObject({ outcome: "fail", strength: "soft" });
    expect(found.detail).toContain("22 days old");
  });

  test("stamped by a clock one day ahead of ours is still ours", async () => {
    expect((await check(POSTSRSD_ADDRESS, daysFrom(POSTSRSD_DAY, -1))).outcome).toBe("pass");
  });

  test("of another sender or host does not fit", async () => {
    expect((await check("SRS0=vmyz=2W=otherdomain.com=tess@example.com")).outcome).toBe("fail");
    expect((await check("SRS0=vmyz=2W=otherdomain.org=test@example.com")).outcome).toBe("fail");
    expect((await check("SRS0=vmyz=2X=otherdomain.com=test@example.com")).outcome).toBe("fail");
  });

  test("of a forwarder that is not us says nothing", async () => {
    expect((await check("SRS0=vmyz=2W=otherdomain.com=test@example.net")).outcome).toBe("neutral");
  });

  test("cut short is a soft sign of forgery", async () => {
    expect(await check("SRS0=vmyz=2W@example.com")).toMatchObject({ outcome: "fail", strength: "soft" });
  });
});

describe("an SRS0 address of another program", () => {
  const SIGNED_ON = new Date("2026-11-22T12:00:00Z");
  const found = (path: string, secrets: readonly string[], now = SIGNED_ON) =>
    evidenceOf("srs", {
      site: siteOf({ srs: { domain: "example.com", secrets, maxAgeDays: 21 } }),
      envelope: envelopeTo(path),
      ports: { now },
    });

  // Each made on 2026-11-22 with the secret `tops3cr3t` by the command beside it.
  test.each([
    // perl -MMail::SRS -e 'print Mail::SRS->new(Secret=>"tops3cr3t")->forward("Test\@otherdomain.com","example.com")'
    ["Mail::SRS 0.31", "SRS0=3c8S=JL=otherdomain.com=Test@example.com", "Test@otherdomain.com"],
    // the same with HashLength=>8, Separator=>"+"
    ["Mail::SRS 0.31, long hash", "SRS0+YWll7Huu=JL=otherdomain.com=a.b@example.com", "a.b@otherdomain.com"],
    // postsrsd -s secrets -d example.com -a+ -n6, then: get ADDRESS
    ["postsrsd 1.10", "SRS0+3c8S3Q=JL=otherdomain.com=Test@example.com", "Test@otherdomain.com"],
    [
      "postsrsd 1.10, odd local part",
      "SRS0-kI2+=JL=OtherDomain.com=o'hara+x=y@example.com",
      "o'hara+x=y@OtherDomain.com",
    ],
    // python3 -c 'from SRS.Guarded import Guarded; print(Guarded(secret=["tops3cr3t"],separator="-",hashlength=10).forward(...))'
    ["pysrs 1.0.4", "SRS0-3c8S3QxmU8=JL=otherdomain.com=Test@example.com", "Test@otherdomain.com"],
  ])("is ours: %s", async (_, path, sender) => {
    const evidence = await found(path, ["tops3cr3t"]);
    expect(evidence.outcome).toBe("pass");
    expect(evidence.strength).toBeUndefined();
    expect(evidence.detail).toContain(`is ours (0 days old): we forwarded mail of ${sender}`);
    expect((await found(path, ["another secret"])).outcome).toBe("fail");
  });

  // exim4 -be '${srs_encode {secret}{Test@otherdomain.com}{example.com}}' (4.96) on 2026-11-22
  test("made by Exim is ours, softly: 16 bits that do not cover the date", async () => {
    const path = "SRS0=99bf=jl=otherdomain.com=Test@example.com";
    const evidence = await found(path, ["secret"]);
    expect(evidence).toMatchObject({ outcome: "pass", strength: "soft" });
    expect(evidence.detail).toContain("its hash of 16 bits, as Exim writes it, does not cover the date");
    expect((await found(path.replace("99bf", "99be"), ["secret"])).outcome).toBe("fail");
    expect((await found(path, ["secret"], daysFrom(SIGNED_ON, 30))).outcome).toBe("fail");
  });

  // Mail::SRS, of the address that the first forwarder had made
  test.each([
    "SRS1=a5DS=first.example==3c8S=JL=otherdomain.com=Test@example.com",
    "SRS1+a5DSYO8w=first.example==3c8S=JL=otherdomain.com=Test@example.com",
  ])("is ours when it is an SRS1 address, and names both: %s", async (path) => {
    const evidence = await found(path, ["tops3cr3t"]);
    expect(evidence.outcome).toBe("pass");
    expect(evidence.detail).toContain("mail of Test@otherdomain.com, which first.example had forwarded to us");
    expect(await found(path, ["tops3cr3t"], daysFrom(SIGNED_ON, 60))).toMatchObject({
      outcome: "pass",
      strength: "soft",
    });
  });
});

describe("an SRS address in the Return-Path of the returned message", () => {
  const report = dsnReturning(returnedWith(`Return-Path: <${POSTSRSD_ADDRESS}>\r\n`));
  const ports = { now: POSTSRSD_DAY };

  test("proves that we rewrote it, softly, since the line can be copied", async () => {
    const found = await evidenceOf("srs", { site, envelope: envelopeTo("ann@example.com"), report, ports });
    expect(found).toMatchObject({ outcome: "pass", strength: "soft" });
    expect(found.detail).toContain("in the Return-Path of the returned message is ours");
  });

  test("says nothing when it is wrong", async () => {
    const forged = dsnReturning(returnedWith(`Return-Path: <${POSTSRSD_ADDRESS.replace("vmyz", "aaaa")}>\r\n`));
    const found = await evidenceOf("srs", { site, envelope: envelopeTo("ann@example.com"), report: forged, ports });
    expect(found.outcome).toBe("neutral");
  });
});

describe("an SRS1 address", () => {
  const first = signSrs(address("ann@example.org"), "first.example", "their secret", POSTSRSD_DAY);

  test("of ours proves that we forwarded what another forwarder had sent us", async () => {
    const ours = signSrs(first, "example.com", "tops3cr3t", POSTSRSD_DAY);
    expect(ours.localPart).toMatch(/^SRS1=....=first\.example==....=2W=example\.org=ann$/);
    const found = await check(textOf(ours));
    expect(found.outcome).toBe("pass");
    expect(found.detail).toContain("mail of ann@example.org, which first.example had forwarded to us");
  });

  test("stays SRS1 over more forwarders, and keeps the separator of the first", async () => {
    const plus = { ...first, localPart: first.localPart.replace("SRS0=", "SRS0+") };
    const second = signSrs(plus, "second.example", "secret of the second", POSTSRSD_DAY);
    const ours = signSrs(second, "example.com", "tops3cr3t", POSTSRSD_DAY);
    expect(ours.localPart).toMatch(/^SRS1=....=first\.example=\+....=2W=example\.org=ann$/);
    expect((await check(textOf(ours))).outcome).toBe("pass");
  });

  test("with another first forwarder does not fit", async () => {
    const ours = textOf(signSrs(first, "example.com", "tops3cr3t", POSTSRSD_DAY));
    expect((await check(ours.replace("first.example", "evil.example"))).outcome).toBe("fail");
  });
});

describe("for every sender", () => {
  const localPart = fc.stringMatching(/^[A-Za-z0-9.+=_-]{1,30}$/);
  const host = fc.stringMatching(/^[a-z0-9]{1,10}\.(example|test)$/);

  test("what we rewrite, we recognise within its age, however its case is folded", async () => {
    await fc.assert(
      fc.asyncProperty(
        localPart,
        host,
        fc.integer({ min: 0, max: 30 }),
        fc.boolean(),
        async (local, domain, later, fold) => {
          const path = signSrs({ kind: "address", localPart: local, domain }, "example.com", "tops3cr3t", POSTSRSD_DAY);
          const folded = fold ? { ...path, localPart: path.localPart.toLowerCase() } : path;
          const found = await evidenceOf("srs", {
            site,
            envelope: { reversePath: undefined, forwardPaths: [folded] },
            ports: { now: daysFrom(POSTSRSD_DAY, later) },
          });
          const isSrs1 = path.localPart.startsWith("SRS1");
          expect(found.outcome).toBe(later <= 21 || isSrs1 ? "pass" : "fail");
        },
      ),
    );
  });
});

test("of several secrets, the sentence says which one made the hash", async () => {
  expect((await check(POSTSRSD_ADDRESS)).detail).toContain("secret 2 of 2");
});

test("a token with any character of its hash or stamp changed is refused, but for case", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 5, max: 11 }), fc.constantFrom(..."abcXYZ019+/=2w"), async (at, character) => {
      const was = POSTSRSD_ADDRESS.charAt(at).toLowerCase();
      fc.pre(was !== character.toLowerCase());
      const localPart =
        (POSTSRSD_ADDRESS.slice(0, at) + character + POSTSRSD_ADDRESS.slice(at + 1)).split("@")[0] ?? "";
      const envelope = {
        reversePath: undefined,
        forwardPaths: [{ kind: "address", localPart, domain: "example.com" } as const],
      };
      expect((await evidenceOf("srs", { site, envelope, ports: { now: POSTSRSD_DAY } })).outcome).toBe("fail");
    }),
  );
});

test("whatever stands in a local part, it is looked at without stumbling", async () => {
  const part = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("SRS0=", "SRS1+", "=", "==", "vmyz", "2W", "a.example"),
  );
  const strange = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(strange, async (localPart) => {
      const envelope = {
        reversePath: undefined,
        forwardPaths: [{ kind: "address", localPart, domain: "example.com" } as const],
      };
      expect((await evidenceOf("srs", { site, envelope })).outcome).not.toBe("pass");
    }),
  );
});

test("without a secret, or for a plain address, nothing is said", async () => {
  expect((await evidenceOf("srs", { site: siteOf(), envelope: envelopeTo(POSTSRSD_ADDRESS) })).outcome).toBe("skip");
  expect((await check("ann@example.com")).outcome).toBe("neutral");
});
