/**
 * Questions that many callers have at the same time go to the database in one statement: one round trip and one fsync for all.
 *
 * A single one does not wait for company: while one batch is with the database, the next one collects.
 */
import { setTimeout as delay } from "node:timers/promises";

interface Waiter<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export interface BatchOptions {
  /** Questions of one batch. */
  readonly max: number;
  /** From the beginning of one batch to that of the next, at least: in a crowd it makes the batches larger. Default 0. */
  readonly gatherMs?: number;
  /** A batch that takes longer, because of a row that somebody has locked, keeps the next one waiting no more. Default: it does. */
  readonly patienceMs?: number;
  /** Errors that one question may have brought upon the others: then each is asked alone. Default: none. */
  readonly isOfOne?: (error: unknown) => boolean;
}

/** @param answer  One answer for each question, in order; when it rejects, all of the batch are rejected. */
export function batched<Question, Answer>(
  answer: (batch: readonly Question[]) => Promise<readonly Answer[]>,
  { max, gatherMs = 0, patienceMs, isOfOne = () => false }: BatchOptions,
): (question: Question) => Promise<Answer> {
  const waiting: Waiter<Question, Answer>[] = [];
  let running = false;

  async function drain(): Promise<void> {
    running = true;
    while (waiting.length > 0) {
      const began = performance.now();
      await patiently(ask(waiting.splice(0, max)), patienceMs);
      const restMs = gatherMs - (performance.now() - began);
      if (restMs > 0 && waiting.length < max) await delay(restMs);
    }
    running = false;
  }

  /** Never rejects. */
  async function ask(batch: readonly Waiter<Question, Answer>[]): Promise<void> {
    try {
      const answers = await answer(batch.map(({ question }) => question));
      for (const [index, { resolve, reject }] of batch.entries()) {
        if (index < answers.length) resolve(answers[index] as Answer);
        else reject(new Error("a batch was answered in part"));
      }
    } catch (error) {
      if (batch.length > 1 && isOfOne(error)) await Promise.all(batch.map((one) => ask([one])));
      else for (const { reject } of batch) reject(error);
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!running) void drain();
    });
}

async function patiently(asking: Promise<void>, patienceMs: number | undefined): Promise<void> {
  if (patienceMs === undefined) return asking;
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([asking, patience]).finally(() => clearTimeout(timer));
}
