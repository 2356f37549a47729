import { expect, test } from "vitest";
import { resolverOf } from "../src/dkim-key-resolver.ts";

const NAME = "2026._domainkey.example.com";

/** A name server that counts how often it is asked; `answer` may throw. */
function nameServer(answer: () => readonly (readonly string[])[]) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const resolveTxt = (name: string) => {
    asked.push(name);
    return new Promise<readonly (readonly string[])[]>((resolve) => resolve(answer()));
  };
  return { asked, clock, dkimKey: resolverOf({ resolveTxt, now: () => clock.now }) };
}

function dnsError(code: string): Error {
  return Object.assign(new Error(`queryTxt ${code}`), { code });
}

test("joins the strings of a TXT record without anything between them (RFC 6376 section 3.6.2.2)", async () => {
  const { dkimKey } = nameServer(() => [["v=DKIM1; k=rsa; p=MIGf", "MA0G"]]);
  expect(await dkimKey(NAME)).toEqual({ kind: "found", record: "v=DKIM1; k=rsa; p=MIGfMA0G" });
});

test("takes the record that holds a key, not the SPF record of a wildcard beside it", async () => {
  const { dkimKey } = nameServer(() => [["v=spf1 -all"], ["p=MIGf"]]);
  expect(await dkimKey(NAME)).toEqual({ kind: "found", record: "p=MIGf" });
});

test.each(["ENOTFOUND", "ENODATA"])("%s means that there is no key", async (code) => {
  const { dkimKey } = nameServer(() => {
    throw dnsError(code);
  });
  expect(await dkimKey(NAME)).toEqual({ kind: "none" });
});

test.each(["ETIMEOUT", "ESERVFAIL", "ECONNREFUSED"])("%s says nothing about the key", async (code) => {
  const { dkimKey } = nameServer(() => {
    throw dnsError(code);
  });
  expect(await dkimKey(NAME)).toEqual({ kind: "temperror", detail: `DNS: ${code}` });
});

test("a storm of bounces with one selector asks once, also while the first answer is on its way", async () => {
  const { dkimKey, asked } = nameServer(() => [["p=MIGf"]]);
  await Promise.all([dkimKey(NAME), dkimKey(NAME.toUpperCase())]);
  await dkimKey(NAME);
  expect(asked).toEqual([NAME]);
});

test("an answer is asked for again after ten minutes, a failure after fifteen seconds", async () => {
  let fails = true;
  const { dkimKey, asked, clock } = nameServer(() => {
    if (fails) throw dnsError("ESERVFAIL");
    return [["p=MIGf"]];
  });
  await dkimKey(NAME);
  clock.now = 14_000;
  expect(await dkimKey(NAME)).toMatchObject({ kind: "temperror" });
  fails = false;
  clock.now = 15_000;
  expect(await dkimKey(NAME)).toMatchObject({ kind: "found" });
  clock.now += 599_000;
  await dkimKey(NAME);
  expect(asked).toHaveLength(2);
  clock.now += 1_000;
  await dkimKey(NAME);
  expect(asked).toHaveLength(3);
});

test("selectors made up by strangers do not fill the memory: the oldest answer goes", async () => {
  const { dkimKey, asked } = nameServer(() => [["p=MIGf"]]);
  for (let selector = 0; selector <= 1_000; selector += 1) await dkimKey(`s${selector}._domainkey.example.com`);
  await dkimKey("s1000._domainkey.example.com");
  expect(asked).toHaveLength(1_001);
  await dkimKey("s0._domainkey.example.com");
  expect(asked).toHaveLength(1_002);
});
