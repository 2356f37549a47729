import { Queue, Worker } from "bullmq";
import type { RedisConfig } from "../config/resolved-config.ts";
import { type Log, redactUrl } from "../log.ts";
import { checkRedis } from "./check-redis.ts";
import type { QueueBackend } from "./queue-backend.ts";
import { QueueUnavailableError } from "./queue-unavailable-error.ts";
import { createRedisClient, type RedisClient } from "./redis-client.ts";
import { repeatStrategy } from "./repeat-strategy.ts";

/**
 * BullMQ on Redis. Connects, and checks the settings of the server.
 *
 * @param prefix  Of all keys; a hash tag is made of it and the queue's name, so that the keys of one queue lie in one
 *                slot of a cluster, and those of two queues need not.
 */
export async function openRedisBackend(config: RedisConfig, prefix: string, log: Log): Promise<QueueBackend> {
  const clients: RedisClient[] = [];
  const open = (use: "worker" | "producer") => {
    const client = createRedisClient(config, use);
    client.on("error", () => {}); // BullMQ hands every error to the queue or worker, which log it
    clients.push(client);
    return client;
  };
  const producer = open("producer");
  // What a client that gives up says is that it gives up, and not what it met.
  let met: Error | undefined;
  producer.on("error", (error) => {
    met = error;
  });
  let consumer: RedisClient | undefined;
  // BullMQ then takes it for the oldest version that it knows, which costs a wait for a delayed job up to a second.
  let skipVersionCheck: boolean;
  try {
    skipVersionCheck = !(await checkRedis(producer, log));
  } catch (error) {
    producer.disconnect();
    const cause = met ?? error;
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new QueueUnavailableError(`Redis at ${redactUrl(config.url)} cannot be used: ${text}`, { cause: error });
  }
  const common = (name: string) => ({ prefix: `{${prefix}-${name}}`, skipVersionCheck });
  return {
    minBulk: 2,
    openQueue: (name) => new Queue(name, { ...common(name), connection: producer, settings: { repeatStrategy } }),
    openWorker(name, processor, options) {
      consumer ??= open("worker");
      return new Worker(name, processor, { ...options, ...common(name), connection: consumer });
    },
    ping: async () => void (await producer.ping()),
    close: async () => {
      for (const client of clients) client.disconnect();
    },
  };
}
