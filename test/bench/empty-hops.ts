/**
 * A child process of the end-to-end bench: the same workers on the same queues with empty handlers, which is what two
 * queue hops cost by themselves. Argument: `classify` or `deliver`; a line on stdout for every 100 jobs of the last hop.
 */
import { createLog, loadConfig, openQueues } from "@triage/runtime";

const role = process.argv[2] === "deliver" ? "deliver" : "classify";
const config = loadConfig({ env: process.env });
const log = createLog({ level: "silent" });
const { queue, redis } = config;
const queues = await openQueues({ queue, redis, databaseUrl: config.database.url ?? "", log });
let done = 0;
await queues.work(role, {
  concurrency: role === "classify" ? config.classifier.concurrency : config.delivery.concurrency,
  async handler({ messageId }) {
    if (role === "classify") return await queues.add("deliver", messageId);
    done += 1;
    if (done % 100 === 0) process.stdout.write(`${done}\n`);
  },
  onFailed: async () => undefined,
});
process.stdout.write("ready\n");
