/** The public keys of header-only DKIM: their records, and how they are asked for in DNS. */
import { describe, expect, test } from "vitest";
import type { DkimKeyAnswer } from "../src/index.ts";
import { handSigned, relaxedLine } from "./hand-signer.ts";
import { dsnReturning, evidenceOf, returnedWith, siteOf } from "./samples.ts";
import { ED25519, HEADER, judge, RSA, signed } from "./signed-samples.ts";

describe("keys from DNS", () => {
  const dnsSite = siteOf({ dkim: { keys: new Map(), dns: true } });
  const ask = async (answer: DkimKeyAnswer, header: string) => {
    const asked: string[] = [];
    const dkimKey = async (name: string) => {
      asked.push(name);
      return answer;
    };
    const report = dsnReturning(returnedWith(header));
    return { asked, found: await evidenceOf("returned-dkim", { site: dnsSite, report, ports: { dkimKey } }) };
  };

  test("are asked for by name, and prove as much as configured ones", async () => {
    const { asked, found } = await ask({ kind: "found", record: RSA.record }, await signed(RSA));
    expect(asked).toEqual(["rsa2048._domainkey.example.com"]);
    expect(found.outcome).toBe("pass");
  });

  test("that cannot be looked up just now are a temperror, not a fail", async () => {
    const { found } = await ask({ kind: "temperror", detail: "timeout" }, await signed(RSA));
    expect(found.outcome).toBe("temperror");
  });

  test("that are gone prove nothing", async () => {
    expect((await ask({ kind: "none" }, await signed(RSA))).found.outcome).toBe("neutral");
  });

  test("of several signatures are asked for side by side, and one that is found is enough", async () => {
    const asked: string[] = [];
    let release = () => {};
    const all = new Promise<void>((resolve) => {
      release = resolve;
    });
    const dkimKey = async (name: string): Promise<DkimKeyAnswer> => {
      asked.push(name);
      if (asked.length === 2) release();
      await all;
      return name.startsWith("rsa") ? { kind: "found", record: RSA.record } : { kind: "temperror", detail: "timeout" };
    };
    const header = await signed(ED25519, {}, await signed(RSA));
    const report = dsnReturning(returnedWith(header));
    const found = await evidenceOf("returned-dkim", { site: dnsSite, report, ports: { dkimKey } });
    expect(asked).toEqual(["ed25519._domainkey.example.com", "rsa2048._domainkey.example.com"]);
    expect(found.outcome).toBe("pass");
  });

  test("are asked for five times at most, however many signatures came back", async () => {
    const junk = (selector: number) =>
      `DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=s${selector}; h=from; bh=eA==; b=eA==\r\n`;
    const header = Array.from({ length: 300 }, (_, at) => junk(at)).join("") + HEADER;
    const { asked, found } = await ask({ kind: "none" }, header);
    expect(asked).toHaveLength(5);
    expect(found.outcome).toBe("neutral");
  });

  test("are never asked for in somebody else's domain", async () => {
    const { asked } = await ask({ kind: "none" }, await signed(RSA, { domain: "example.net" }));
    expect(asked).toEqual([]);
  });
});

describe("the key record (RFC 6376 section 3.6.1)", () => {
  const header = "From: ann@example.com\r\n";
  const signedFor = (identity: string) => {
    const tags = `v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; i=${identity}; s=rsa2048; h=from; bh=eA==; `;
    return handSigned(tags, ["from:ann@example.com"], RSA, relaxedLine) + header;
  };
  const judgeBy = (record: string, identity = "@example.com") => {
    const keys = new Map([["rsa2048._domainkey.example.com", record]]);
    return judge(signedFor(identity), undefined, siteOf({ dkim: { keys, dns: false } }));
  };
  const p = RSA.record.slice(RSA.record.indexOf("p="));

  test.each([
    ["p= alone", p],
    ["p= folded", p.replace(/.{60}/g, "$& ")],
    ["the hashes that it allows", `v=DKIM1; h=sha1:sha256; ${p}`],
    ["the services that it is for", `v=DKIM1; s=tlsrpt:email; ${p}`],
    ["any service", `v=DKIM1; s=*; ${p}`],
    ["tags that nobody knows, and notes", `v=DKIM1; n=for mail; g=*; x=y; ${p};`],
  ])("is read with %s", async (_, record) => {
    expect((await judgeBy(record)).outcome).toBe("pass");
  });

  test.each([
    ["another version", `v=DKIM2; ${p}`, "is not a DKIM key record"],
    ["an unknown type", `v=DKIM1; k=gost; ${p}`, "is of an unknown type"],
    ["a tag twice", `${p}; ${p}`, "is not a DKIM key record"],
    ["no key", "v=DKIM1; k=rsa", "has no p="],
  ])("is refused with %s", async (_, record, words) => {
    const found = await judgeBy(record);
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain(words);
  });

  test("allows identities (i=) below the domain, unless it says t=s", async () => {
    expect((await judgeBy(p, "ann@sales.example.com")).outcome).toBe("pass");
    expect((await judgeBy(`t=y; ${p}`, "ann@sales.example.com")).outcome).toBe("pass");
    expect((await judgeBy(`t=y:s; ${p}`, "ann@example.com")).outcome).toBe("pass");
    const found = await judgeBy(`t=y:s; ${p}`, "ann@sales.example.com");
    expect(found.outcome).toBe("neutral");
    expect(found.detail).toContain("which its key forbids (t=s)");
  });
});
