import { expect, test } from "vitest";
import { batched } from "../src/batched.ts";

test("questions of the same time share a batch, each gets its own answer", async () => {
  const batches: (readonly number[])[] = [];
  const ask = batched(
    async (batch: readonly number[]) => {
      batches.push(batch);
      return batch.map((number) => number * 2);
    },
    { max: 3 },
  );
  const answers = await Promise.all([1, 2, 3, 4, 5].map(ask));
  expect(answers).toEqual([2, 4, 6, 8, 10]);
  expect(batches).toEqual([[1], [2, 3, 4], [5]]);
});

test("a batch that fails fails for all of it, and the next one is asked", async () => {
  const ask = batched(
    async (batch: readonly string[]) => {
      if (batch.includes("bad")) throw new Error("no");
      return batch;
    },
    { max: 1 },
  );
  const [bad, good] = await Promise.allSettled([ask("bad"), ask("good")]);
  expect(bad).toMatchObject({ status: "rejected" });
  expect(good).toEqual({ status: "fulfilled", value: "good" });
});

test("a question that spoils its batch is refused alone: each of the others is asked again, and answered", async () => {
  const ask = batched(
    async (batch: readonly string[]) => {
      if (batch.includes("bad")) throw new Error("no");
      return batch;
    },
    { max: 9, isOfOne: () => true },
  );
  const [, ...together] = await Promise.allSettled(["first", "good", "bad", "fine"].map(ask));
  expect(together).toMatchObject([{ value: "good" }, { status: "rejected" }, { value: "fine" }]);
});

test("a batch that waits for somebody holds up the next one only for a moment", async () => {
  let finish = () => {};
  const locked = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const ask = batched(
    async (batch: readonly string[]) => {
      if (batch.includes("locked")) await locked;
      return batch;
    },
    { max: 9, patienceMs: 1 },
  );
  const slow = ask("locked");
  expect(await ask("free")).toBe("free");
  finish();
  expect(await slow).toBe("locked");
});
