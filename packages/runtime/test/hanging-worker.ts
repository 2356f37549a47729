/** A process that takes one job and never finishes it, to be killed by the test that started it. */
import { createLog, openQueues, type QueuesOptions } from "@triage/runtime";

const options: Omit<QueuesOptions, "log"> = JSON.parse(process.argv[2] ?? "");
const queues = await openQueues({ ...options, log: createLog({ level: "silent" }) });
await queues.work("classify", {
  concurrency: 1,
  handler: ({ messageId }) => {
    process.stdout.write(`${messageId}\n`);
    return new Promise(() => {});
  },
  onFailed: async () => {},
});
