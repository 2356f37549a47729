import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { signSrs } from "../src/index.ts";
import { address, daysFrom, envelopeTo, evidenceOf, siteOf } from "./samples.ts";

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

test("without a secret, or for a plain address, nothing is said", async () => {
  expect((await evidenceOf("srs", { site: siteOf(), envelope: envelopeTo(POSTSRSD_ADDRESS) })).outcome).toBe("skip");
  expect((await check("ann@example.com")).outcome).toBe("neutral");
});
