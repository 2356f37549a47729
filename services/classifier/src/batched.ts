/**
 * Questions that many messages have at the same time go to the database in one batch.
 *
 * A single one does not wait for company: while one batch is with the database, the next one collects.
 */
interface Waiter<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * @param answer  One answer for each question, in order; when it rejects, all of the batch are rejected.
 * @param max     Questions of one batch.
 */
export function batched<Question, Answer>(
  answer: (batch: readonly Question[]) => Promise<readonly Answer[]>,
  max: number,
): (question: Question) => Promise<Answer> {
  const waiting: Waiter<Question, Answer>[] = [];
  let running = false;

  async function drain(): Promise<void> {
    running = true;
    while (waiting.length > 0) await ask(waiting.splice(0, max));
    running = false;
  }

  async function ask(batch: readonly Waiter<Question, Answer>[]): Promise<void> {
    try {
      const answers = await answer(batch.map(({ question }) => question));
      for (const [index, { resolve, reject }] of batch.entries()) {
        if (index < answers.length) resolve(answers[index] as Answer);
        else reject(new Error("a batch was answered in part"));
      }
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject });
      if (!running) void drain();
    });
}
