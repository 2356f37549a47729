import { expect, test } from "vitest";
import {
  assessStorm,
  type Evidence,
  proveProvenance,
  recallStorm,
  type SiteProfile,
  type StormAnswer,
  type StormObservation,
} from "../src/index.ts";
import { dsnReturning, envelopeTo, NOW, plainReport, returnedWith, siteOf } from "./samples.ts";

const SITE = siteOf({ relays: ["out.example.com", "192.0.2.10"] });
const CALM: StormAnswer = { kind: "calm" };
const STORM: StormAnswer = { kind: "storm", strength: "full", by: "address", messages: 400, reporters: 30, hours: 6 };

const FOREIGN = [
  "Received: from bot (unknown [203.0.113.9]) by mx.victim.example with SMTP; Sun, 22 Nov 2026 09:00:00 +0000",
  "From: <joe@example.com>",
  "Subject: Cheap watches for you, order 4711",
  "Message-ID: <1@bot.example.org>",
  "",
].join("\r\n");

const OURS = FOREIGN.replace("from bot (unknown [203.0.113.9])", "from out.example.com (out.example.com [192.0.2.10])");

/** Runs the stage with a port that answers this way, and gives what it was told and what came of it. */
async function run(report: Parameters<typeof proveProvenance>[0], options: Partial<Run> = {}) {
  const { site = SITE, to = "joe@example.com", answer = CALM } = options;
  const seen: StormObservation[] = [];
  const storms = {
    note: async (observation: StormObservation) => {
      seen.push(observation);
      return answer;
    },
  };
  const evidence = await proveProvenance(report, envelopeTo(to), site, { now: NOW, storms });
  return { seen: seen[0], line: evidence.find(({ check }) => check === "storm") };
}

interface Run {
  readonly site: SiteProfile;
  readonly to: string;
  readonly answer: StormAnswer;
}

const dsn = (header: string | undefined, more = {}) =>
  dsnReturning(returnedWith(header), { reportingMta: "mx3.victim.example", ...more });

test("a bounce counts by its forged sender, its domain and its subject without the numbers", async () => {
  const { seen } = await run(dsn(FOREIGN));
  expect(seen?.keys).toEqual([
    { kind: "address", value: "joe@example.com" },
    { kind: "domain", value: "example.com" },
    { kind: "content", value: "v1:subject:cheap watches for you order" },
  ]);
  expect(seen).toMatchObject({ sender: "joe@example.com", reporter: "victim.example", proof: "contradicted" });
});

test("a bounce without a returned header counts by the address that it came to, and contradicts nothing", async () => {
  const { seen } = await run(dsn(undefined));
  expect(seen).toMatchObject({ sender: "joe@example.com", proof: "silent", canProve: true });
});

test("postmaster@ is not taken for the forged address while another one is known", async () => {
  expect((await run(dsn(FOREIGN), { to: "Postmaster@example.com" })).seen?.sender).toBe("joe@example.com");
  expect((await run(dsn(undefined), { to: "Postmaster@example.com" })).seen?.sender).toBe("postmaster@example.com");
});

test("a tag of BATV does not make every bounce one of another sender", async () => {
  expect((await run(dsn(undefined), { to: "prvs=1234abcdef=joe@example.com" })).seen?.sender).toBe("joe@example.com");
});

test("what our relay's line proves is counted as proven, and a storm does not touch it", async () => {
  const { seen, line } = await run(dsn(OURS), { answer: STORM });
  expect(seen?.proof).toBe("proven");
  expect(line?.outcome).toBe("neutral");
  expect(line?.detail).toContain("but this message is proven ours");
});

test("a report of our own relay, and a letter, are not counted at all", async () => {
  expect((await run(dsn(undefined, { reportingMta: "out.example.com" }))).seen).toBeUndefined();
  expect(await run(plainReport("person"))).toEqual({ seen: undefined, line: undefined });
});

test("an automatic reply and a challenge are part of the storm", async () => {
  expect((await run(plainReport("challenge"), { answer: STORM })).line?.outcome).toBe("fail");
  expect((await run(plainReport("auto-reply"), { answer: STORM })).line?.outcome).toBe("fail");
});

test.each<[string, Partial<StormAnswer>, Partial<Evidence>]>([
  ["a clear storm speaks against", {}, { outcome: "fail" }],
  ["an unclear one speaks softly", { strength: "soft" }, { outcome: "fail", strength: "soft" }],
  ["where nothing can be proven, nothing is said", { strength: "unprovable" }, { outcome: "neutral" }],
])("%s", async (_name, storm, expected) => {
  const answer = { ...STORM, ...storm } as StormAnswer;
  expect((await run(dsn(undefined), { answer })).line).toMatchObject(expected);
});

test("an automatic reply that shows nothing does not count: it may answer a newsletter of ours", async () => {
  expect((await run(plainReport("auto-reply"))).seen?.counts).toBe(false);
  expect((await run(plainReport("challenge"))).seen?.counts).toBe(true);
});

test("a database that is away is no evidence", async () => {
  const { line } = await run(dsn(undefined), { answer: { kind: "temperror", detail: "no connection" } });
  expect(line?.outcome).toBe("temperror");
});

test("without a port there is no line", async () => {
  const evidence = await proveProvenance(dsn(undefined), envelopeTo("joe@example.com"), SITE, { now: NOW });
  expect(evidence.some(({ check }) => check === "storm")).toBe(false);
});

test("copies of one mailing with other names, numbers and links in them share a key", async () => {
  const body = (name: string, id: number) =>
    `Dear ${name},\r\n\r\nour finest watches from Geneva are waiting for you at prices that nobody else can offer this week.\r\n` +
    `Visit https://shop${id}.example/?c=${id} and use the code W${id} before Sunday night.\r\n\r\nYours, the watch team\r\n`;
  const header = "From: <joe@example.com>\r\nSubject: Hello\r\nContent-Type: text/plain\r\n\r\n";
  const keysOf = async (name: string, id: number) => {
    const text = body(name, id);
    const returned = { ...returnedWith(header, text), bytes: Buffer.from(header + text) };
    const { seen } = await run(dsnReturning(returned, { reportingMta: "mx.victim.example" }));
    return seen?.keys.filter(({ kind }) => kind === "content").map(({ value }) => value) ?? [];
  };
  const first = await keysOf("Joe", 1);
  expect(first).toHaveLength(2);
  const shared = await Promise.all(
    ["Ann", "Bob", "Cleo", "Dora"].map(async (name, index) =>
      (await keysOf(name, index + 2)).some((key) => first.includes(key)),
    ),
  );
  expect(shared).toEqual([true, true, true, true]);
});

test("a mailing is known by its beginning: what stands behind the first 32 kB is not read", async () => {
  const header = "From: <joe@example.com>\r\nSubject: Hello\r\nContent-Type: text/html\r\n\r\n";
  const style = `<style>${"p { color: red }\r\n".repeat(2_000)}</style>`;
  const text = "<p>our finest watches from Geneva are waiting for you at prices that nobody else can offer</p>";
  const keysOf = async (body: string) => {
    const returned = { ...returnedWith(header, body), bytes: Buffer.from(header + body) };
    const { seen } = await run(dsnReturning(returned, { reportingMta: "mx.victim.example" }));
    return seen?.keys.filter(({ kind }) => kind === "content").map(({ value }) => value);
  };
  expect(await keysOf(text)).toHaveLength(2);
  expect(await keysOf(text + style + text.replace("finest", "cheapest"))).toEqual(await keysOf(text));
  expect(await keysOf(style + text)).toEqual([]);
});

const THRESHOLDS = { minMessages: 20, minReportingMtas: 5, unprovenShare: 0.9 };
const COUNTS = { unproven: 100, proven: 0, contradicted: 60, reporters: 30, recipients: 90, senders: 1 };

test("a storm needs messages, organisations and hardly any proof", () => {
  expect(assessStorm("address", COUNTS, THRESHOLDS, true)).toBe("full");
  expect(assessStorm("address", { ...COUNTS, unproven: 19 }, THRESHOLDS, true)).toBeUndefined();
  expect(assessStorm("address", { ...COUNTS, reporters: 4 }, THRESHOLDS, true)).toBeUndefined();
  expect(assessStorm("address", { ...COUNTS, proven: 20 }, THRESHOLDS, true)).toBeUndefined();
});

test("one forged address is no storm of its domain, made-up ones are", () => {
  expect(assessStorm("domain", COUNTS, THRESHOLDS, true)).toBeUndefined();
  expect(assessStorm("domain", { ...COUNTS, senders: 40 }, THRESHOLDS, true)).toBe("full");
});

test("a newsletter of ours that nothing proves and nothing contradicts is at most soft, and nothing where nothing can be proven", () => {
  const newsletter = { ...COUNTS, unproven: 1_000, contradicted: 10 };
  expect(assessStorm("address", newsletter, THRESHOLDS, true)).toBe("soft");
  expect(assessStorm("address", { ...newsletter, contradicted: 0 }, THRESHOLDS, false)).toBe("unprovable");
});

test("a sender whose address is not ours is no key", async () => {
  const header = "From: <x@elsewhere.example>\r\n\r\n";
  const { seen } = await run(dsn(header), { to: "joe@example.com" });
  expect(seen?.keys.map(({ value }) => value)).toEqual(["joe@example.com", "example.com"]);
});

test("what a storm's line says is enough to judge the message again, without counting it again", async () => {
  const answers: readonly StormAnswer[] = [
    CALM,
    STORM,
    { ...STORM, strength: "soft", by: "domain" },
    { ...STORM, strength: "unprovable", by: "content", messages: 1_000_000 },
  ];
  for (const answer of answers) {
    const { line } = await run(dsn(FOREIGN), { answer });
    expect(recallStorm(line)).toEqual(answer);
    const again = await run(dsn(FOREIGN), { answer: recallStorm(line) });
    expect(again.line).toEqual(line);
  }
  expect(recallStorm(undefined)).toEqual(CALM);
  expect(
    recallStorm({ outcome: "temperror", detail: "Whether there is a storm could not be asked: gone." }),
  ).toMatchObject({
    kind: "temperror",
  });
});
