import { TriageError } from "@triage/contracts";
import type { InsertOutcome, NewMessage } from "@triage/store";
import { describe, expect, test } from "vitest";
import { InsertCoalescer } from "../src/insert-coalescer.ts";

class Refused extends TriageError {
  readonly code = "REFUSED";
  readonly retryable: boolean = false;
}
class Away extends Refused {
  override readonly retryable = true;
}

function message(text: string): NewMessage {
  const envelope = { reversePath: undefined, forwardPaths: [] };
  return { raw: Buffer.from(text), envelope, envelopeKnown: false, source: "test" };
}

/** A store whose statements end when the test says so. */
function heldStore() {
  const batches: string[][] = [];
  const gates: (() => void)[] = [];
  const stored: string[] = [];
  const insert = async (batch: readonly NewMessage[]): Promise<readonly InsertOutcome[]> => {
    const texts = batch.map(({ raw }) => raw.toString());
    batches.push(texts);
    await new Promise<void>((resolve) => gates.push(resolve));
    if (texts.some((text) => text.startsWith("poison"))) throw new Refused("refused");
    if (texts.some((text) => text.startsWith("away"))) throw new Away("away");
    return texts.map((id) => ({ id, duplicate: false }));
  };
  const release = async () => {
    gates.shift()?.();
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const onStored = (outcomes: readonly InsertOutcome[]) => void stored.push(...outcomes.map(({ id }) => id));
  return { batches, stored, insert, onStored, release };
}

describe("requests that come while a batch is on its way to the disk", () => {
  test("share the next INSERT, in the order in which they came", async () => {
    const store = heldStore();
    const coalescer = new InsertCoalescer(store);
    const answers = ["a", "b", "c", "d"].map((text) => coalescer.insert(message(text)));
    expect(store.batches).toEqual([["a"]]);
    await store.release();
    expect(store.batches).toEqual([["a"], ["b", "c", "d"]]);
    await store.release();
    expect((await Promise.all(answers)).map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
    expect(store.stored).toEqual(["a", "b", "c", "d"]);
  });

  test("are told apart by count and by bytes, and a message larger than a batch goes alone", async () => {
    const store = heldStore();
    const coalescer = new InsertCoalescer({ ...store, batching: { maxCount: 3, maxBytes: 10 } });
    const answers = ["first", "1", "2", "3", "4", "123456", "12345678901234567890", "x"].map((text) =>
      coalescer.insert(message(text)),
    );
    for (let turn = 0; turn < 5; turn += 1) await store.release();
    await Promise.all(answers);
    expect(store.batches).toEqual([["first"], ["1", "2", "3"], ["4", "123456"], ["12345678901234567890"], ["x"]]);
  });

  test("are on their way side by side when that is asked for", async () => {
    const store = heldStore();
    const coalescer = new InsertCoalescer({ ...store, batching: { maxCount: 1, parallel: 2 } });
    const answers = ["a", "b", "c"].map((text) => coalescer.insert(message(text)));
    expect(store.batches).toEqual([["a"], ["b"]]);
    for (let turn = 0; turn < 3; turn += 1) await store.release();
    await Promise.all(answers);
    expect(store.batches).toEqual([["a"], ["b"], ["c"]]);
  });
});

describe("errors", () => {
  test("a database that is away is told to every request of the batch, and the next batch is tried", async () => {
    const store = heldStore();
    const coalescer = new InsertCoalescer(store);
    const answers = ["a", "away 1", "b"].map((text) => coalescer.insert(message(text)));
    const outcomes = Promise.allSettled(answers);
    await store.release();
    const late = coalescer.insert(message("late"));
    await store.release();
    await store.release();
    expect((await outcomes).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
    await expect(answers[1]).rejects.toThrow(Away);
    expect((await late).id).toBe("late");
    expect(store.stored).toEqual(["a", "late"]);
  });

  test("a message that cannot be stored does not take the others of its batch with it", async () => {
    const store = heldStore();
    const coalescer = new InsertCoalescer(store);
    const answers = ["a", "b", "poison", "c"].map((text) => coalescer.insert(message(text)));
    const outcomes = Promise.allSettled(answers);
    for (let turn = 0; turn < 5; turn += 1) await store.release();
    expect((await outcomes).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    expect(store.stored).toEqual(["a", "b", "c"]);
  });
});
