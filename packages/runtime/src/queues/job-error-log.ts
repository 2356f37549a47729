import type { Log } from "../log.ts";

/** LIMIT: an outage is told once in this time, not at every attempt to connect. */
const REPEAT_AFTER_MS = 60_000;

/** Logs errors of a connection: a new one at once, the same one again only after a while. */
export function createErrorLog(log: Log, fields: Readonly<Record<string, unknown>>): (error: Error) => void {
  let last: { readonly message: string; readonly at: number } | undefined;
  return (error) => {
    const now = performance.now();
    const message = error.message === "" ? error.name : error.message;
    if (last?.message === message && now - last.at < REPEAT_AFTER_MS) return;
    last = { message, at: now };
    log.warn({ ...fields, err: error }, "the queue cannot be reached; trying again");
  };
}
