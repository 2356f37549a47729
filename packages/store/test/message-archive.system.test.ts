import { openStore, StoreSetupError } from "@triage/store";
import { expect, test } from "vitest";
import { openDatabase } from "../src/database.ts";
import { openArchive } from "../src/messages/message-archive.ts";
import { classification, freshSchema, newMessage } from "./fresh-schema.ts";

test("the server refuses whatever would change anything through a connection that only reads", async () => {
  const options = freshSchema();
  const store = await openStore(options);
  const database = openDatabase({ ...options, poolSize: 1, readOnly: true });
  const refused = /read-only transaction/;
  await expect(database.query("INSERT INTO known_content VALUES ('\\x00', gen_random_uuid())")).rejects.toThrow(
    refused,
  );
  await expect(database.query("CREATE TABLE more ()")).rejects.toThrow(refused);
  await expect(database.transaction((session) => session.query("DELETE FROM message"))).rejects.toThrow(refused);
  expect(await database.query("SELECT count(*)::int AS messages FROM message")).toEqual([{ messages: 0 }]);
  await Promise.all([database.close(), store.close()]);
});

test("messages are read in batches of bounded size, oldest first, as they were decided before anybody corrected them", async () => {
  const options = freshSchema();
  const store = await openStore(options);
  const large = "x".repeat(6_000_000);
  const batch = ["a", "b", "c", "d"].map((name) => newMessage(`Subject: ${name}\n\n${large}`));
  const ids = (await store.insertMessages(batch)).map(({ id }) => id);
  for (const id of ids) await store.saveClassification(id, classification());
  await store.saveCorrection(ids[1] ?? "", { verdict: "spam", by: "ann", apiKey: "ann" }, (uncorrected) => ({
    ...uncorrected,
    verdict: "spam",
    route: "archive",
  }));
  const archive = await openArchive(options);
  const batches = [];
  for await (const messages of archive.read(new Date(Date.now() - 60_000))) batches.push(messages);
  expect(batches.map((messages) => messages.length)).toEqual([2, 2]);
  const read = batches.flat();
  expect(read.map(({ id }) => id)).toEqual(ids.toSorted());
  expect(read.every(({ decided }) => decided.verdict === "genuine-dsn" && decided.route === "human")).toBe(true);
  expect(read.map(({ corrected }) => corrected).filter((verdict) => verdict !== undefined)).toEqual(["spam"]);
  expect(read[0]?.raw.toString("latin1", 0, 10)).toBe("Subject: a");
  expect(await archive.count(new Date(Date.now() + 60_000))).toBe(0);
  await Promise.all([archive.close(), store.close()]);
});

test("the sent ledger answers as it does for the service", async () => {
  const options = freshSchema();
  const store = await openStore(options);
  await store.recordSent([{ messageId: "<1@example.com>", at: new Date() }]);
  const archive = await openArchive(options);
  const keys = { queueId: undefined, envelopeId: undefined };
  expect(await archive.findSent({ messageId: "<1@example.com>", ...keys })).toMatchObject({ by: "message-id" });
  expect(await archive.findSent({ messageId: "<2@example.com>", ...keys })).toMatchObject({ kind: "absent" });
  await Promise.all([archive.close(), store.close()]);
});

test("where the service has never been there is nothing to read, and nothing is made", async () => {
  await expect(openArchive(freshSchema())).rejects.toThrow(StoreSetupError);
});
