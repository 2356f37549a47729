/** The logs were written by Postfix 3.7.11 and Exim 4.96 (Debian 12); retries of the same delivery are left out. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SentLine } from "@triage/contracts";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LineSplitter } from "../../src/follow/line-splitter.ts";
import { MailLog, type MailLogOptions } from "../../src/follow/mail-log.ts";

const NOW = Date.UTC(2026, 10, 23);
const logFile = (name: string) => fileURLToPath(new URL(`logs/${name}`, import.meta.url));
const logOf = (name: string) => readFileSync(logFile(name), "latin1");

let zone: string | undefined;
beforeAll(() => {
  zone = process.env.TZ;
  process.env.TZ = "UTC";
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

function read(log: string, options: MailLogOptions = {}, referenceMs = NOW): readonly SentLine[] {
  const mailLog = new MailLog(options);
  return log.split("\n").flatMap((line) => mailLog.read(line, referenceMs) ?? []);
}

const ndjson = (entries: readonly SentLine[]) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

test.each(["postfix", "exim"] as const)(
  "every line of a real log of %s is read as its golden file says",
  async (mta) => {
    await expect(ndjson(read(logOf(`${mta}.log`)))).toMatchFileSnapshot(logFile(`${mta}.golden.ndjson`));
    expect(read(logOf(`${mta}.log`), { format: mta })).toEqual(read(logOf(`${mta}.log`)));
    expect(read(logOf(`${mta}.log`), { format: mta === "exim" ? "postfix" : "exim" })).toEqual([]);
  },
);

test("any split of the bytes into chunks gives the same entries", () => {
  const both = Buffer.from(`${logOf("postfix.log")}${logOf("exim.log")}`, "latin1");
  const whole = read(both.toString("latin1"));
  fc.assert(
    fc.property(fc.array(fc.nat(both.length), { maxLength: 40 }), (cuts) => {
      const splitter = new LineSplitter();
      const mailLog = new MailLog();
      const edges = [0, ...cuts.sort((a, b) => a - b), both.length];
      const lines = edges.flatMap((edge, index) => splitter.push(both.subarray(edge, edges[index + 1])));
      const entries = [...lines, ...splitter.finish()].flatMap((line) => mailLog.read(line, NOW) ?? []);
      expect(entries).toEqual(whole);
    }),
    { numRuns: 30 },
  );
});

test("no line whatever makes it throw or slow", () => {
  const line = fc.oneof(
    fc.string({ unit: "binary" }),
    fc
      .constantFrom(...logOf("postfix.log").split("\n"), ...logOf("exim.log").split("\n"))
      .chain((real) => fc.nat(real.length).map((cut) => real.slice(0, cut) + real.slice(cut + 1))),
  );
  const mailLog = new MailLog();
  fc.assert(fc.property(line, (text) => void mailLog.read(text, NOW)));
});

const POSTFIX = [
  "cleanup[1]: 4XyZ12Bc: message-id=<1@example.com>",
  "qmgr[1]: 4XyZ12Bc: from=<ann@example.com>, size=1, nrcpt=1 (queue active)",
  "smtp[1]: 4XyZ12Bc: to=<joe@example.net>, relay=mx.example.net[192.0.2.1]:25, delay=1, dsn=2.0.0, status=sent (250 ok)",
];
const postfixLines = (stamp: string, program = "postfix", lines = POSTFIX) =>
  lines.map((line) => `${stamp}${program}/${line}`).join("\n");

describe("the stamp of a line", () => {
  test.each([
    ["syslog", "Nov 22 12:00:00 mail ", "2026-11-22T12:00:00.000Z"],
    ["syslog, day of one digit", "Nov  2 12:00:00 mail ", "2026-11-02T12:00:00.000Z"],
    ["syslog with a priority", "<22>Nov 22 12:00:00 mail ", "2026-11-22T12:00:00.000Z"],
    ["RFC 3339, UTC", "2026-11-22T12:00:00Z mail ", "2026-11-22T12:00:00.000Z"],
    ["RFC 3339 with microseconds and offset", "2026-11-22T12:00:00.123456+01:00 mail ", "2026-11-22T11:00:00.123Z"],
    ["journalctl -o short-iso", "2026-11-22T12:00:00-0500 mail ", "2026-11-22T17:00:00.000Z"],
  ])("%s", (_name, stamp, at) => {
    expect(read(postfixLines(stamp))).toMatchObject([{ messageId: "<1@example.com>", at }]);
  });

  test.each([
    ["as it is by default", "2026-11-22 12:00:00 ", "2026-11-22T12:00:00.000Z"],
    ["log_timezone", "2026-11-22 12:00:00 +0100 ", "2026-11-22T11:00:00.000Z"],
    ["+millisec and +pid", "2026-11-22 12:00:00.250 [4711] ", "2026-11-22T12:00:00.250Z"],
    ["syslog with its own stamp", "Nov 22 12:00:01 mail exim[4711]: 2026-11-22 12:00:00 ", "2026-11-22T12:00:00.000Z"],
    ["syslog_timestamp = false", "Nov 22 12:00:01 mail exim[4711]: ", "2026-11-22T12:00:01.000Z"],
  ])("Exim, %s", (_name, stamp, at) => {
    const log = `${stamp}1xV7K6-0002IF-1K => joe@example.net R=r T=t H=mx.example.net [192.0.2.1]`;
    expect(read(log)).toMatchObject([{ queueId: "1xV7K6-0002IF-1K", at }]);
  });

  test("without a year is of the old one when it is read in January, and of the new one after midnight", () => {
    const january = Date.UTC(2027, 0, 3);
    const at = (stamp: string, referenceMs: number) => read(postfixLines(stamp), {}, referenceMs)[0]?.at;
    expect(at("Dec 31 23:59:59 mail ", january)).toBe("2026-12-31T23:59:59.000Z");
    expect(at("Jan  1 00:00:00 mail ", january)).toBe("2027-01-01T00:00:00.000Z");
    expect(at("Jan  1 00:00:05 mail ", Date.UTC(2026, 11, 31, 23, 59, 58))).toBe("2027-01-01T00:00:05.000Z");
    expect(at("Feb 29 12:00:00 mail ", january)).toBe("2024-02-29T12:00:00.000Z");
  });

  test("without a zone is in the zone of the process, in summer and in winter", () => {
    process.env.TZ = "Europe/Vienna";
    const log = `${postfixLines("Nov 22 12:00:00 mail ")}\n${postfixLines("Jul 22 12:00:00 mail ")}`;
    expect(read(log).map(({ at }) => at)).toEqual(["2026-11-22T11:00:00.000Z", "2026-07-22T10:00:00.000Z"]);
    process.env.TZ = "UTC";
  });
});

describe("Postfix", () => {
  const STAMP = "Nov 22 12:00:00 mail ";
  const fate = (text: string) => read(postfixLines(STAMP, "postfix", [...POSTFIX.slice(0, 2), text]));

  test("is known by any syslog_name, and a short queue id of two instances is two messages", () => {
    expect(read(postfixLines(STAMP, "postfix-out"))).toMatchObject([{ messageId: "<1@example.com>" }]);
    const short = POSTFIX.map((line) => line.replace("4XyZ12Bc", "3F2A81C0D9"));
    const mixed = short.slice(0, 2).map((line) => `${STAMP}postfix-in/${line}`);
    const [entry] = read([...mixed, `${STAMP}postfix-out/${short[2]}`].join("\n"));
    expect(entry).toEqual({ queueId: "3F2A81C0D9", recipients: ["joe@example.net"], at: "2026-11-22T12:00:00.000Z" });
  });

  test.each([
    [
      "into a mailbox",
      "virtual[1]: 4XyZ12Bc: to=<ann@example.com>, relay=virtual, delay=0, dsn=2.0.0, status=sent (ok)",
    ],
    ["by LMTP", "lmtp[1]: 4XyZ12Bc: to=<a@example.com>, relay=h[192.0.2.9]:24, delay=0, dsn=2.0.0, status=sent (ok)"],
    ["to a filter of this host", "smtp[1]: 4XyZ12Bc: to=<a@x.org>, relay=127.0.0.1[127.0.0.1]:10024, status=sent (ok)"],
    ["to a filter by IPv6", "smtp[1]: 4XyZ12Bc: to=<a@x.org>, relay=localhost[::1]:10024, dsn=2.0.0, status=sent (ok)"],
    ["as a probe", "smtp[1]: 4XyZ12Bc: to=<a@x.org>, relay=mx[192.0.2.1]:25, dsn=2.0.0, status=deliverable (ok)"],
  ])("what was delivered %s did not leave", (_name, line) => {
    expect(fate(line)).toEqual([]);
  });

  test.each([
    ["bounced", "local[1]: 4XyZ12Bc: to=<a@example.com>, relay=local, dsn=5.1.1, status=bounced (unknown user)"],
    ["deferred", "error[1]: 4XyZ12Bc: to=<a@x.org>, relay=none, delay=9, dsn=4.4.1, status=deferred (later)"],
    ["expired", "qmgr[1]: 4XyZ12Bc: from=<ann@example.com>, status=expired, returned to sender"],
  ])("what was %s our own server reports on, so it counts", (_name, line) => {
    expect(fate(line)).toMatchObject([{ messageId: "<1@example.com>", queueId: "4XyZ12Bc" }]);
  });

  test("original and final recipient are both kept, in UTF-8", () => {
    const line = Buffer.from(
      "smtp[1]: 4XyZ12Bc: to=<jörg@example.net>, orig_to=<j@example.com>, relay=m[192.0.2.1]:25, status=sent (ok)",
    ).toString("latin1");
    expect(fate(line)[0]?.recipients).toEqual(["jörg@example.net", "j@example.com"]);
  });

  test("a short queue id that is used again belongs to the later message", () => {
    const first = postfixLines(STAMP).replaceAll("4XyZ12Bc", "3F2A81C0D9");
    const again = first.replaceAll("1@example.com", "2@example.com");
    const removed = `${STAMP}postfix/qmgr[1]: 3F2A81C0D9: removed`;
    expect(read([first, removed, again].join("\n")).map(({ messageId }) => messageId)).toEqual([
      "<1@example.com>",
      "<2@example.com>",
    ]);
    expect(read([first, removed, first.split("\n")[2]].join("\n"))[1]?.messageId).toBeUndefined();
  });

  test("mail from elsewhere to a domain of ours is a gateway's, where the domains are known", () => {
    const inbound = postfixLines(STAMP, "postfix", [
      "cleanup[1]: 4XyZ12Bc: message-id=<1@example.org>",
      "qmgr[1]: 4XyZ12Bc: from=<eve@example.org>, size=1, nrcpt=1 (queue active)",
      "relay/smtp[1]: 4XyZ12Bc: to=<ann@example.com>, relay=in[10.0.0.1]:25, dsn=2.0.0, status=sent (ok)",
    ]);
    const isOwnDomain = (domain: string) => domain === "example.com";
    expect(read(inbound)).toHaveLength(1);
    expect(read(inbound, { isOwnDomain })).toEqual([]);
    expect(read(inbound.replace("eve@example.org", "bob@example.com"), { isOwnDomain })).toHaveLength(1);
    expect(read(inbound.replace("ann@example.com", "joe@example.net"), { isOwnDomain })).toHaveLength(1);
  });
});

describe("messages that are begun and not ended", () => {
  const begin = (id: number) => `Nov 22 12:00:00 mail postfix/cleanup[1]: 4XyZ${id}: message-id=<${id}@example.com>`;
  const send = (id: number) =>
    `Nov 22 12:00:01 mail postfix/smtp[1]: 4XyZ${id}: to=<j@example.net>, relay=m[192.0.2.1]:25, status=sent (ok)`;

  test("are bounded: the one silent for longest then counts by its queue id alone", () => {
    const log = [begin(11), begin(12), begin(13), send(11), send(12), send(13)].join("\n");
    expect(read(log, { maxOpen: 2 }).map(({ messageId }) => messageId)).toEqual([
      undefined,
      "<12@example.com>",
      "<13@example.com>",
    ]);
  });

  test("are known after a stop, from what was kept with the place in the log", () => {
    const before = new MailLog();
    before.read(begin(11), NOW);
    const open = JSON.parse(JSON.stringify(before.openMessages.list()));
    expect(read(send(11), { open })).toMatchObject([{ messageId: "<11@example.com>" }]);
  });
});

test("Exim's ids of 23 characters (4.97 and later) are read as those of 16", () => {
  const log = [
    "2026-11-22 12:00:00 1pAbCd-000000005vX-0abc <= ann@example.com H=(pc) [192.0.2.7] P=esmtpsa S=1 id=9@example.com",
    '2026-11-22 12:00:01 1pAbCd-000000005vX-0abc >> joe@example.net R=r T=t H=mx.example.net [2001:db8::1]:25 C="ok"',
  ];
  expect(read(log.join("\n"))).toEqual([
    {
      messageId: "9@example.com",
      queueId: "1pAbCd-000000005vX-0abc",
      recipients: ["joe@example.net"],
      at: "2026-11-22T12:00:01.000Z",
    },
  ]);
});
