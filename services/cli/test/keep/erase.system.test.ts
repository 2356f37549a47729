/** The commands on a real PostgreSQL, with messages that went through the real classifier. */
import { randomUUID } from "node:crypto";
import { type ClassifyContext, classify, emptySite } from "@triage/classifier";
import { runCli } from "@triage/cli";
import type { Classification } from "@triage/contracts";
import { NULL_REVERSE_PATH, parseAddress, personOf, readMessage, searchableTexts } from "@triage/message";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { bringToHuman } from "../../../../test/support/bring-to-human.ts";
import { useDatabase } from "../../../../test/support/use-database.ts";

const SITE: ClassifyContext = { site: emptySite(), ports: () => ({ now: new Date() }) };
const JOE = address("joe@example.net");
const database = useDatabase();
let store: Store;

beforeEach(async () => {
  await database.query("DROP SCHEMA IF EXISTS triage CASCADE");
  store = await openStore({ databaseUrl: database.url });
});
afterEach(() => store.close());

function address(text: string) {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

async function triage(...words: readonly string[]) {
  const run = { code: 0, stdout: "", stderr: "" };
  vi.stubEnv("DATABASE_URL", database.url);
  vi.stubEnv("TRIAGE_CONFIG", "");
  for (const stream of ["stdout", "stderr"] as const) {
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      run[stream] += String(text);
      return true;
    });
  }
  run.code = await runCli(["node", "triage", ...words]);
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  return run;
}

async function judged(id: string): Promise<Classification> {
  const { classification } = (await store.message(id)) ?? {};
  if (classification === undefined) throw new Error("not classified");
  return { ...classification, route: "archive", actionable: false };
}

interface Mail {
  readonly reversePath?: string;
  readonly forwardPath?: string;
  readonly lines: readonly string[];
}

function envelopeOf({ reversePath, forwardPath = "postmaster@example.com" }: Mail) {
  return {
    reversePath: reversePath === undefined ? NULL_REVERSE_PATH : address(reversePath),
    forwardPaths: [address(forwardPath)],
  };
}

const rawOf = ({ lines }: Mail) => Buffer.from(`${lines.join("\r\n")}\r\n`);

async function received(mail: Mail): Promise<string> {
  const one = { raw: rawOf(mail), envelope: envelopeOf(mail), envelopeKnown: true, source: "test" };
  const [outcome] = await store.insertMessages([one]);
  return outcome?.id ?? "";
}

/** Taken in, classified, and finished as its route says. */
async function takeIn(mail: Mail): Promise<string> {
  const id = await received(mail);
  const { classification } = await classify(rawOf(mail), envelopeOf(mail), SITE);
  await store.saveClassification(id, classification);
  if (classification.route === "human") {
    await bringToHuman(store, id, { detail: `250 2.0.0 queued, about ${mail.lines[0]}` });
  }
  return id;
}

const letter = (
  from: string,
  more: readonly string[] = [],
  body: readonly string[] = ["Hello, I cannot write to you."],
) => [`From: ${from}`, "To: postmaster@example.com", "Subject: Trouble with your server", ...more, "", ...body];

const bounce = (recipient: string, returnedFrom: string) => [
  "From: MAILER-DAEMON@mx.example.org",
  "To: ann@example.com",
  "Subject: Undelivered Mail Returned to Sender",
  "MIME-Version: 1.0",
  "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
  "",
  "--b",
  "",
  `<${recipient}>: host mx.example.org said: 550 5.1.1 no such user <${recipient}>`,
  "--b",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; mx.example.org",
  "",
  `Final-Recipient: rfc822; ${recipient}`,
  "Action: failed",
  "Status: 5.1.1",
  `Diagnostic-Code: smtp; 550 5.1.1 <${recipient}>: unknown, see http://example.org/?who=${encodeURIComponent(recipient)}`,
  "--b",
  "Content-Type: text/rfc822-headers",
  "",
  `From: ${returnedFrom}`,
  `To: ${recipient}`,
  "Subject: About your contract",
  "Message-ID: <1@example.com>",
  "",
  "--b--",
];

const WRITTEN: readonly Mail[] = [
  { reversePath: "joe@example.net", lines: letter("Joe <JOE@Example.NET>") },
  {
    reversePath: "list@example.org",
    lines: letter("Joe via a list <list@example.org>", ["Reply-To: joe@example.net"]),
  },
  { reversePath: "joe@example.net", lines: letter("somebody@example.org") },
  {
    reversePath: "x@example.org",
    lines: letter("=?utf-8?q?=6Aoe=40example.net?= <x@example.org>", ["Sender: joe@example.net"]),
  },
];

const MENTIONED: readonly Mail[] = [
  { lines: bounce("joe@example.net", "Ann <ann@example.com>") },
  { lines: bounce("other@example.org", "Joe <joe@example.net>") },
  { forwardPath: "bounces+joe=example.net@example.com", lines: bounce("other@example.org", "Ann <ann@example.com>") },
  { lines: bounce("SRS0=HHH=TT=example.net=joe@forwarder.example", "Ann <ann@example.com>") },
  {
    reversePath: "x@example.org",
    lines: letter(
      "x@example.org",
      ["Content-Transfer-Encoding: base64", "MIME-Version: 1.0"],
      [Buffer.from("Please tell joe@example.net that the list is broken, thank you.").toString("base64")],
    ),
  },
  {
    reversePath: "x@example.org",
    lines: letter(
      "x@example.org",
      ["Content-Transfer-Encoding: quoted-printable", "MIME-Version: 1.0"],
      ["Please tell joe=40exam=", "ple.net that the list is broken."],
    ),
  },
  {
    reversePath: "x@example.org",
    lines: letter(
      "x@example.org",
      ["Content-Type: text/html", "MIME-Version: 1.0"],
      ["<p>Ask &#106;oe&#64;example.net</p>"],
    ),
  },
  {
    reversePath: "x@example.org",
    lines: letter(
      "x@example.org",
      [],
      [
        "I got this back:",
        "Content-Transfer-Encoding: base64",
        "",
        Buffer.from("Dear joe@example.net, your contract is ready.").toString("base64"),
      ],
    ),
  },
  {
    reversePath: "x@example.org",
    lines: letter("x@example.org", ["Cc: =?utf-8?b?am9lQGV4YW1wbGUubmV0?= <y@example.org>"]),
  },
];

/** Their addresses look like Joe's, and are not. */
const OTHERS: readonly Mail[] = [
  { reversePath: "bigjoe@example.net", lines: letter("bigjoe@example.net") },
  { reversePath: "joe@example.net.example.org", lines: letter("joe@example.net.example.org") },
  { lines: bounce("joe.smith@example.net", "Ann <ann@example.com>") },
];

/** Every column of every row as text; bytes decoded like mail. */
async function dump(): Promise<readonly { readonly where: string; readonly text: string }[]> {
  const tables = await database.query(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'triage' AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
  );
  const found: { where: string; text: string }[] = [];
  for (const { name } of tables) {
    for (const row of await database.query(`SELECT * FROM triage."${name}"`)) {
      for (const [column, value] of Object.entries(row)) {
        const where = `${name}.${column}`;
        if (Buffer.isBuffer(value)) for (const text of searchableTexts(value)) found.push({ where, text });
        else found.push({ where, text: typeof value === "string" ? value : JSON.stringify(value) });
      }
    }
  }
  return found;
}

const AT = "2026-11-22T12:00:00.000Z";
const [FROM, SUBJECT] = ["Joe Jones", "What nobody else has asked"];

/** Of more than a human gets in an hour: a flood and its notice, which list these letters. */
async function tellOfLetters(ids: readonly string[]): Promise<void> {
  const listed = ids.map((messageId) => ({ messageId, receivedAt: AT, from: FROM, subject: SUBJECT }));
  const letters = { messages: listed.length, listed };
  const examples = ids.map((messageId) => ({ messageId, text: SUBJECT }));
  const group = { urgent: false, verdict: "undecided", cause: "person", messages: 2, examples };
  const facts = { human: "ann", maxPerHour: 1, waiting: listed.length, letters, groups: [group], moreGroups: 0 };
  const incidentId = randomUUID();
  await database.query(
    `INSERT INTO triage.incident (id, kind, scope, state, first_seen, last_seen, messages, facts)
     VALUES ($1, 'flood', 'ann', 'open', now(), now(), 2, $2)`,
    [incidentId, JSON.stringify(facts)],
  );
  await database.query(
    `INSERT INTO triage.incident_notice (id, incident_id, step, state, state_at, facts, at)
     VALUES (gen_random_uuid(), $1, 'begin', 'delivered', now(), $2, now())`,
    [incidentId, JSON.stringify(facts)],
  );
}

async function namesJoe(): Promise<readonly string[]> {
  const joe = personOf(JOE);
  const pair = '"localPart":"joe","domain":"example.net"';
  return (await dump())
    .filter(({ text }) => joe.isIn(text) || text.toLowerCase().includes(pair.toLowerCase()))
    .map(({ where }) => where);
}

test("a person is in no table, column or encoded body any more, and nobody else is missing", async () => {
  const written = await Promise.all(WRITTEN.map(takeIn));
  const mentioned = await Promise.all(MENTIONED.map(takeIn));
  const others = await Promise.all(OTHERS.map(takeIn));
  const [first = "", second = ""] = mentioned;
  const waiting = await received({ lines: ["From: joe@example.net", "", "not classified yet"] });
  await store.recordSent([{ messageId: "<1@example.com>", recipients: ["joe@example.net"], at: new Date() }]);
  const correction = { verdict: "user-report", by: "ann", apiKey: "mx", note: "joe@example.net called" } as const;
  for (const id of [first, others[0] ?? ""]) await store.saveCorrection(id, correction, (machine) => machine);
  for (const { id } of await store.pendingCorrections(10)) await store.keepFeatures(id, ["b:joe", "joe@example.net"]);
  const facts = { scope: "joe@example.net", examples: [{ messageId: second, subject: "About your contract" }] };
  await database.query(
    `INSERT INTO triage.incident (id, kind, state, first_seen, last_seen, messages, facts)
     VALUES (gen_random_uuid(), 'storm', 'closed', now(), now(), 1, $1)`,
    [JSON.stringify(facts)],
  );
  await tellOfLetters([written[0] ?? "", others[0] ?? ""]);
  expect(await namesJoe()).not.toEqual([]);

  const plan = await triage("erase", "--address", "joe@example.net", "--dry-run");
  expect(plan.stdout).toContain(`${WRITTEN.length} messages from the person`);
  expect(await namesJoe()).not.toEqual([]);

  const run = await triage("erase", "--address", "joe@example.net", "--yes");
  expect(run.code).toBe(1);
  expect(run.stdout).toContain(`${waiting}  `);
  expect(await store.raw(waiting)).toBeDefined();
  await store.saveClassification(waiting, await judged(first));
  const again = await triage("erase", "--address", "joe@example.net", "--yes");
  expect(again.code).toBe(0);
  expect(await namesJoe()).toEqual([]);
  expect(again.stdout + run.stdout).not.toContain("joe@");

  for (const id of [...written, ...mentioned]) {
    expect(await store.raw(id)).toBeUndefined();
    expect(await store.message(id)).toMatchObject({ id, classification: { scores: expect.anything() } });
  }
  for (const id of others)
    expect(readMessage((await store.raw(id)) ?? Buffer.alloc(0)).root.headers.fields).not.toEqual([]);
  const [incident] = await database.query("SELECT facts FROM triage.incident WHERE kind = 'storm'");
  expect(incident?.facts).toEqual({ scope: "erased@erased.invalid", examples: [{ messageId: second }] });
  // What two letters say stood in the list of a flood and in the notice of it: of the other one it stands there still.
  for (const table of ["incident", "incident_notice"]) {
    const [flood] = await database.query(
      `SELECT facts->'letters'->'listed' AS letters, facts->'groups'->0->'examples' AS examples FROM triage.${table} WHERE facts::jsonb ? 'maxPerHour'`,
    );
    const [erased, kept] = (flood?.letters ?? []) as readonly Record<string, string>[];
    expect(erased).toEqual({ messageId: written[0], receivedAt: AT });
    expect(kept).toEqual({ messageId: others[0], receivedAt: AT, from: FROM, subject: SUBJECT });
    expect(flood?.examples).toEqual([
      { messageId: written[0], text: "(erased)" },
      { messageId: others[0], text: SUBJECT },
    ]);
  }
  const sent = await store.findSent({
    messageId: undefined,
    queueId: undefined,
    envelopeId: undefined,
    recipients: ["joe@example.net"],
  });
  expect(sent.kind).toBe("absent");
  const [stub] = await database.query("SELECT classification FROM triage.verdict WHERE message_id = $1", [written[0]]);
  expect(JSON.stringify(stub)).not.toContain("Trouble");
  // a repeat of what was erased is still known as one
  const [mail] = WRITTEN;
  expect(mail && (await received(mail))).toBe(written[0]);
});

test("what was cut short goes on where it was, and the line that it leaves does not name the person", async () => {
  await Promise.all([...WRITTEN, ...MENTIONED].map(takeIn));
  let steps = 0;
  const stop = () => {
    steps += 1;
    throw new Error("the power fails");
  };
  await expect(store.erasePerson({ address: JOE, dryRun: false, onProgress: stop })).rejects.toThrow("the power fails");
  expect(steps).toBe(1);
  const run = await triage("erase", "--address", "Joe@Example.net", "--yes");
  expect(run.code).toBe(0);
  expect(await namesJoe()).toEqual([]);
  const lines = await database.query("SELECT * FROM triage.erasure");
  expect(lines).toHaveLength(1);
  expect(lines[0]?.ended_at).not.toBeNull();
});

test("without --yes and without anybody to ask, nothing is changed; what is no address is refused", async () => {
  const [mail] = WRITTEN;
  const id = mail === undefined ? "" : await takeIn(mail);
  const answer = await triage("erase", "--address", "joe@example.net");
  expect(answer).toMatchObject({ code: 1, stdout: "" });
  expect(await store.raw(id)).toBeDefined();
  expect(await triage("erase", "--address", "nobody", "--yes")).toMatchObject({ code: 1 });
});

test("retention says what it would drop, and that there is nothing to drop", async () => {
  const run = await triage("retention", "--dry-run");
  expect(run).toMatchObject({ code: 0, stderr: "" });
  expect(run.stdout).toBe(
    "Days that are kept: 90 for a human, 30 digest, 30 archive; facts 400.\n" +
      "Would drop the bytes of 0 messages (0 kB), what is known of 0, and 0 incidents.\n" +
      "The oldest message whose bytes are kept: there is none.\n",
  );
  expect((await triage("retention")).stdout).toContain("Dropped the bytes of 0 messages");
});
