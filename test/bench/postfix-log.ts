/** A Postfix log of any size, the same for the same seed: submissions that leave, are refused, and wait; short queue ids. */
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";

const CHUNK_MESSAGES = 2_000;

export interface GeneratedLog {
  readonly lines: number;
  readonly bytes: number;
  readonly messages: number;
}

/** @param startMs Stamp of the first line, in milliseconds since 1970; the log spans `spanMs`. */
export async function writePostfixLog(
  path: string,
  options: { readonly bytes: number; readonly startMs: number; readonly spanMs: number; readonly seed: number },
): Promise<GeneratedLog> {
  const random = seededRandom(options.seed);
  const file = createWriteStream(path, { highWaterMark: 4_194_304 });
  let [lines, bytes, messages] = [0, 0, 0];
  while (bytes < options.bytes) {
    const chunk: string[] = [];
    for (let index = 0; index < CHUNK_MESSAGES; index += 1) {
      const atMs = options.startMs + Math.floor((bytes / options.bytes) * options.spanMs);
      chunk.push(...messageLines(messages, atMs, random));
      messages += 1;
    }
    const text = `${chunk.join("\n")}\n`;
    lines += chunk.length;
    bytes += text.length;
    if (!file.write(text)) await once(file, "drain");
  }
  file.end();
  await finished(file);
  return { lines, bytes, messages };
}

function messageLines(id: number, atMs: number, random: () => number): readonly string[] {
  const head = `${new Date(atMs).toISOString()} mail postfix`;
  const pid = 1_000 + Math.floor(random() * 30_000);
  const queueId = (0x30_0000_0000 + id * 16 + Math.floor(random() * 16)).toString(16).toUpperCase();
  const messageId = `<${Math.floor(random() * 2 ** 48).toString(36)}.${id}@ids.example.com>`;
  const recipient = `user${Math.floor(random() * 1_000_000)}@host${Math.floor(random() * 5_000)}.example.net`;
  const host = `mx${Math.floor(random() * 9)}.example.net[192.0.2.${Math.floor(random() * 250)}]`;
  const fate = random();
  const status =
    fate < 0.9
      ? "dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4XyZ1234)"
      : fate < 0.95
        ? `dsn=5.1.1, status=bounced (host ${host} said: 550 5.1.1 <${recipient}>: user unknown (in reply to RCPT TO command))`
        : `dsn=4.2.0, status=deferred (host ${host} said: 450 4.2.0 <${recipient}>: greylisted (in reply to RCPT TO command))`;
  return [
    `${head}/submission/smtpd[${pid}]: connect from pc${id % 250}.example.com[10.0.0.${id % 250}]`,
    `${head}/submission/smtpd[${pid}]: ${queueId}: client=pc${id % 250}.example.com[10.0.0.${id % 250}], sasl_method=PLAIN, sasl_username=ann`,
    `${head}/cleanup[${pid + 1}]: ${queueId}: message-id=${messageId}`,
    `${head}/qmgr[999]: ${queueId}: from=<ann@example.com>, size=${1_000 + Math.floor(random() * 90_000)}, nrcpt=1 (queue active)`,
    `${head}/submission/smtpd[${pid}]: disconnect from pc${id % 250}.example.com[10.0.0.${id % 250}] ehlo=2 starttls=1 auth=1 mail=1 rcpt=1 data=1 quit=1 commands=8`,
    `${head}/smtp[${pid + 2}]: ${queueId}: to=<${recipient}>, relay=${host}:25, delay=0.5, delays=0.1/0.01/0.2/0.2, ${status}`,
    `${head}/qmgr[999]: ${queueId}: removed`,
  ];
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
