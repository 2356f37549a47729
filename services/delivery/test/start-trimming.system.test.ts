import { NULL_REVERSE_PATH } from "@triage/message";
import { createLog } from "@triage/runtime";
import { openStore, type Store } from "@triage/store";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bringToHuman } from "../../../test/support/bring-to-human.ts";
import { useDatabase } from "../../../test/support/use-database.ts";
import { startTrimming } from "../src/start-trimming.ts";
import { aClassification } from "./classifications.ts";

const SECRET = "the contract that only Joe should read";
const SOON = { timeout: 60_000, interval: 20 };
const database = useDatabase();
let store: Store;

beforeEach(async () => {
  store = await openStore({ databaseUrl: database.url });
});
afterEach(() => store.close());

const bounce = (form: string) =>
  Buffer.from(
    [
      "From: MAILER-DAEMON@mx.example.net",
      `Subject: Undelivered (${form})`,
      "MIME-Version: 1.0",
      "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
      "",
      "--b",
      "",
      "It could not be delivered.",
      "--b",
      "Content-Type: message/delivery-status",
      "",
      "Reporting-MTA: dns; mx.example.net",
      "",
      "Final-Recipient: rfc822; joe@example.net",
      "Action: failed",
      "Status: 5.1.1",
      "--b",
      "Content-Type: message/rfc822",
      "",
      "From: ann@example.com",
      "Subject: Contract",
      "",
      SECRET,
      "--b--",
      "",
    ].join("\r\n"),
  );

async function stored(form: string): Promise<string> {
  const envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: [] };
  const [outcome] = await store.insertMessages([{ raw: bounce(form), envelope, envelopeKnown: true, source: "test" }]);
  return outcome?.id ?? "";
}

const rawText = async (id: string) => (await store.raw(id))?.toString() ?? "";

/** One look of the role: closing waits for it. */
async function look(): Promise<void> {
  await startTrimming({ store, log: createLog({ level: "silent" }) }).close();
}

test("of what is finished the body of the returned message goes, and its header stays; what is unfinished stays whole", async () => {
  const archived = await stored("archived");
  await store.saveClassification(archived, aClassification({ route: "archive", actionable: false }));
  const delivered = await stored("delivered");
  await store.saveClassification(delivered, aClassification({}));
  await bringToHuman(store, delivered);
  const classified = await stored("on its way");
  await store.saveClassification(classified, aClassification({}));
  const waiting = await stored("not classified yet");
  const trimming = startTrimming({ store, log: createLog({ level: "silent" }) });
  await expect.poll(() => rawText(delivered), SOON).not.toContain(SECRET);
  await trimming.close();
  for (const id of [archived, delivered]) {
    expect(await rawText(id)).not.toContain(SECRET);
    expect(await rawText(id)).toContain("Subject: Contract");
    expect(await rawText(id)).toContain("Status: 5.1.1");
  }
  for (const id of [classified, waiting]) expect(await rawText(id)).toContain(SECRET);
  await look();
  expect(await store.release(archived)).toBe("released");
});

test("a repeat of what was shortened is still a repeat, and takes nothing back in", async () => {
  const id = await stored("once");
  await store.saveClassification(id, aClassification({ route: "archive", actionable: false }));
  const trimming = startTrimming({ store, log: createLog({ level: "silent" }) });
  await expect.poll(() => rawText(id), SOON).not.toContain(SECRET);
  await trimming.close();
  expect(await stored("once")).toBe(id);
  expect(await rawText(id)).not.toContain(SECRET);
});

test("one message that cannot be trimmed keeps no other one whole", async () => {
  const ids: string[] = [];
  for (const form of ["odd", "usual"]) {
    const id = await stored(form);
    await store.saveClassification(id, aClassification({ route: "archive", actionable: false }));
    ids.push(id);
  }
  const [odd = "", usual = ""] = ids;
  await database.query(`ALTER TABLE triage.message ADD CONSTRAINT odd CHECK (id <> '${odd}' OR trimmed_at IS NULL)`);
  await look();
  await database.query("ALTER TABLE triage.message DROP CONSTRAINT odd");
  expect(await rawText(odd)).toContain(SECRET);
  expect(await rawText(usual)).not.toContain(SECRET);
});
