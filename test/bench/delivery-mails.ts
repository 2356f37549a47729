/** Messages for a human, stored as the classifier leaves them, and the mails that the service makes of them. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { classify } from "@triage/classifier";
import { NULL_REVERSE_PATH, parseAddress } from "@triage/message";
import type { Store } from "@triage/store";
import { composeMail } from "../../services/delivery/src/compose/compose-mail.ts";
import { openMailIds } from "../../services/delivery/src/compose/mail-ids.ts";
import { composeDay } from "../haystack/compose-day.ts";
import { benchContext } from "./classification.ts";

export const HUMAN = { from: "triage@example.com", to: "ann@example.com" };
const SEED = 1;
/** Statements at the same time. */
const AT_ONCE = 8;

/** Half of them letters, half of them bounces of our own mail: what a person has to read. */
export function humanMessages(count: number): readonly Buffer[] {
  const half = Math.ceil(count / 2);
  const size = { joeJob: 0, nuisances: 0, problems: half, letters: half, feedbackReports: 0 };
  return composeDay(SEED, size)
    .messages.map(({ raw }) => raw)
    .slice(0, count);
}

/**
 * Stores them as `classified`, for the human.
 *
 * @param mark  Makes them other messages than those of any other call: the same bytes would be a repeat.
 * @returns     Their ids.
 */
export async function storeForHuman(
  store: Store,
  messages: readonly Buffer[],
  mark: string,
): Promise<readonly string[]> {
  const context = benchContext();
  const forward = parseAddress("postmaster@example.com");
  const envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: forward === undefined ? [] : [forward] };
  const batch = messages.map((raw, number) => ({
    raw: Buffer.concat([Buffer.from(`X-Bench: ${mark}-${number}\r\n`), raw]),
    ...{ envelope, envelopeKnown: true, source: "bench" },
  }));
  const ids = (await store.insertMessages(batch)).map(({ id }) => id);
  await eachOf(ids, async (id, index) => {
    const { classification } = await classify(batch[index]?.raw ?? Buffer.alloc(0), envelope, context);
    await store.saveClassification(id, { ...classification, route: "human", actionable: true });
  });
  return ids;
}

/** Writes what the service makes of them into a folder, byte for byte as it hands it to an SMTP outlet. */
export async function keepComposed(store: Store, ids: readonly string[], folder: string): Promise<void> {
  const mailIds = openMailIds(HUMAN.from, await store.mailSecret());
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  await eachOf(ids, async (id, index) => {
    const message = await store.message(id);
    const raw = await store.raw(id);
    if (message?.classification === undefined || raw === undefined) throw new Error(`message ${id} is gone`);
    const { receivedAt, classification } = message;
    const form = { form: "headers-only", maxBytes: undefined, lineEnd: "crlf" } as const;
    const mail = await composeMail({
      id,
      raw,
      receivedAt,
      classification,
      from: HUMAN.from,
      to: [HUMAN.to],
      mailIds,
      ...form,
    });
    writeFileSync(join(folder, `${index}.eml`), mail.raw);
  });
}

async function eachOf(ids: readonly string[], work: (id: string, index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let index = next++; index < ids.length; index = next++) await work(ids[index] ?? "", index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
