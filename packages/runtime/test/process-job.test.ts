import { createLog, WorkerLostError } from "@triage/runtime";
import { WaitingError } from "bullmq";
import { expect, test } from "vitest";
import { processJob } from "../src/queues/process-job.ts";

const log = createLog({ level: "silent" });
const giveBack = new AbortController().signal;
const job = { queueName: "classify", data: { messageId: "0198" }, moveToWait: async () => {} };

test("a message that takes its worker down again and again is given up, without being tried once more", async () => {
  const failed: Error[] = [];
  let tried = 0;
  const options = {
    attempts: 5,
    giveBack,
    log,
    handler: async () => void tried++,
    onFailed: async (_: unknown, error: Error) => void failed.push(error),
  };
  await processJob({ ...job, attemptsMade: 0, attemptsStarted: 8 }, "token", options);
  expect([tried, failed]).toEqual([1, []]);
  await processJob({ ...job, attemptsMade: 0, attemptsStarted: 9 }, "token", options);
  expect(tried).toBe(1);
  expect(failed).toEqual([expect.any(WorkerLostError)]);
});

test("a job whose failure cannot be recorded is dropped all the same: the sweeper brings it back", async () => {
  const options = {
    attempts: 1,
    giveBack,
    log,
    handler: () => Promise.reject(new Error("451")),
    onFailed: () => Promise.reject(new Error("database is down")),
  };
  await expect(processJob({ ...job, attemptsMade: 0, attemptsStarted: 1 }, "token", options)).resolves.toBeUndefined();
});

test("a job that comes while the worker is already closing is given back untried", async () => {
  let tried = 0;
  let back = 0;
  const closing = { ...job, moveToWait: async () => void back++, attemptsMade: 0, attemptsStarted: 1 };
  const options = {
    attempts: 5,
    giveBack: AbortSignal.abort(),
    log,
    handler: async () => void tried++,
    onFailed: async () => {},
  };
  await expect(processJob(closing, "token", options)).rejects.toBeInstanceOf(WaitingError);
  expect([tried, back]).toEqual([0, 1]);
});
