/**
 * Every folder beside this file is a story: mail that comes in over HTTP, and what has to become of it. Each is told on
 * both queue backends, with all roles on real servers. To add one: a folder `NN-name` with its mail and a `story.json`.
 */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { MessageView } from "@triage/contracts";
import type { Message } from "@triage/message";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMaildir, type Service, type StoryEnvelope, startService } from "../support/story.ts";
import { useDatabase } from "../support/use-database.ts";
import { useRedis } from "../support/use-redis.ts";

/** `story.json`. */
interface Story {
  /** A sentence that a postmaster understands. */
  readonly title: string;
  /** `site` of triage.yaml. */
  readonly site: Readonly<Record<string, unknown>>;
  readonly messages: readonly StoryMessage[];
}

interface StoryMessage {
  /** Relative to the story's folder. */
  readonly file: string;
  readonly envelope: StoryEnvelope;
  readonly expect: Outcome;
}

interface Outcome {
  readonly verdict: string;
  readonly route: string;
  readonly state: MessageView["state"];
  /** A person takes it out of the archive afterwards: then there is a mail. */
  readonly released?: boolean;
  /** Index of the earlier message of the story that this one is. */
  readonly duplicateOf?: number;
  /** Facts of the report, as far as the story is about them. */
  readonly recipients?: readonly Readonly<Record<string, unknown>>[];
  /** The mail to the human; left out: there must be none. */
  readonly mail?: { readonly subject: string; readonly says: readonly string[] };
}

const root = fileURLToPath(new URL(".", import.meta.url));
const folders = (await readdir(root)).filter((name) => /^\d\d-/.test(name)).sort();
const stories = await Promise.all(
  folders.map(async (name) => {
    const story = JSON.parse(await readFile(join(root, name, "story.json"), "utf8")) as Story;
    return { name, ...story };
  }),
);

describe.each(["Redis", "PostgreSQL"])("with the queues in %s", (backend) => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "triage-story-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  describe.each(stories)("$name", ({ name, title, site, messages }) => {
    // The same bytes are one message to a store, so each story has a database of its own.
    const database = useDatabase();
    const redis = useRedis();

    test(title, async () => {
      const redisUrl = backend === "Redis" ? redis.url : undefined;
      const config = { site, human: { to: ["ann@example.com"], form: "summary" } };
      const service = await startService({ folder, databaseUrl: database.url, redisUrl, config });
      try {
        await tell(service, join(root, name), messages);
      } finally {
        await service.close();
      }
    });
  });
});

async function tell({ client, maildir }: Service, folder: string, messages: readonly StoryMessage[]): Promise<void> {
  const ids: string[] = [];
  for (const { file, envelope, expect: outcome } of messages) {
    const { status, body } = await client.post(await readFile(join(folder, file)), envelope);
    expect(status).toBe(202);
    expect(body.duplicate).toBe(outcome.duplicateOf !== undefined);
    if (outcome.duplicateOf !== undefined) expect(body.id).toBe(ids[outcome.duplicateOf]);
    ids.push(body.id);
  }
  for (const [index, { expect: outcome }] of messages.entries()) {
    const message = await client.settled(ids[index] ?? "");
    const { verdict, route, state } = message;
    expect({ verdict, route, state }, message.why).toEqual({
      verdict: outcome.verdict,
      route: outcome.route,
      state: outcome.state,
    });
    if (outcome.released === true) {
      await client.release(message.id);
      expect((await client.settled(message.id)).state).toBe("delivered");
    }
    if (outcome.recipients !== undefined) expect(message.report?.recipients).toMatchObject(outcome.recipients);
  }
  const mails = await readMaildir(maildir);
  const expected = messages.filter(({ expect: { mail } }) => mail !== undefined);
  expect(mails).toHaveLength(expected.length);
  for (const [index, { file, expect: outcome }] of expected.entries()) {
    await checkMail(mails[index], outcome.mail, await readFile(join(folder, file)));
  }
}

/** The summary says what it must, and the original is attached as it came (but for the line ends of the mailbox). */
async function checkMail(mail: Message | undefined, expected: Outcome["mail"], original: Buffer): Promise<void> {
  const [summary, attached] = mail?.root.children ?? [];
  expect(mail?.root.headers.text("subject")).toBe(expected?.subject);
  expect(mail?.root.headers.value("auto-submitted")).toBe("auto-generated");
  // The summary is wrapped, and quotes line by line: words are looked for as if it were not.
  const said = summary?.text().replace(/\s+(?:\| )?/g, " ");
  for (const words of expected?.says ?? []) expect(said).toContain(words);
  const bytes = attached?.contentType.value === "message/rfc822" ? rawBody(mail, attached) : attached?.bytes();
  expect(withLf(bytes)).toEqual(withLf(original));
}

function rawBody(mail: Message | undefined, part: Message["root"]): Buffer | undefined {
  return mail?.raw.subarray(part.bodyRange.start, part.bodyRange.end);
}

function withLf(bytes: Buffer | undefined): string | undefined {
  return bytes?.toString("latin1").replaceAll("\r\n", "\n");
}
