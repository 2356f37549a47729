/** `triage dead-letters list|show|retry|redirect|discard`, through the service. */
import type { DeadLetters, DeadLetterView, MessageView, Retried, RetriedMany } from "@triage/contracts";
import { ApiClient, type ApiOptions } from "../api-client.ts";

/** Columns of an error in the list; `show` has it whole. */
const MAX_ERROR_COLUMNS = 100;
/** What the service gives when it is asked for no other number: there may be more that match. */
const MAX_LISTED = 100;

interface Options extends ApiOptions {
  readonly json: boolean;
}

type Filter = { readonly [Name in "stage" | "since" | "errorText"]: FilterOptions[Name] | undefined };

interface FilterOptions extends Options {
  readonly stage?: "classify" | "deliver";
  /** ISO 8601. */
  readonly since?: string;
  readonly errorText?: string;
}

interface ActorOptions extends Options {
  readonly note?: string;
  readonly by?: string;
}

export async function listDeadLettersCommand({
  json,
  stage,
  since,
  errorText,
  ...api
}: FilterOptions): Promise<number> {
  const client = await ApiClient.open(api);
  const filter = filterOf({ stage, since, errorText });
  const found = await client.get<DeadLetters>(`/v1/dead-letters?${new URLSearchParams(filter)}`);
  print(found, json, (letters) => formatList(letters, Object.keys(filter).length > 0));
  return 0;
}

export async function showDeadLetterCommand(id: string, { json, ...api }: Options): Promise<number> {
  const client = await ApiClient.open(api);
  print(await client.get<DeadLetterView>(`/v1/dead-letters/${encodeURIComponent(id)}`), json, formatOne);
  return 0;
}

/** One, or with `all` every one that the filter leaves. @returns 1 when neither or both are given. */
export async function retryDeadLettersCommand(
  id: string | undefined,
  { all, ...options }: FilterOptions & ActorOptions & { readonly all: boolean },
): Promise<number> {
  const { json, stage, since, errorText, note, by, ...api } = options;
  if ((id === undefined) !== all) {
    throw new Error("say which: an id, or --all (with --stage, --since and --error-text, where not all are meant)");
  }
  const client = await ApiClient.open(api);
  const actor = given({ note, by });
  if (id !== undefined) {
    const retried = await client.post<Retried>(`/v1/dead-letters/${encodeURIComponent(id)}/retry`, actor);
    print(retried, json, ({ queue }) => [`${id} is tried again (${queue})`]);
    return 0;
  }
  const filter = { ...filterOf({ stage, since, errorText }), ...actor };
  print(await client.post<RetriedMany>("/v1/dead-letters/retry", filter), json, ({ retried, left }) => [
    `${retried} tried again, ${left} left`,
  ]);
  return 0;
}

export async function redirectDeadLetterCommand(
  id: string,
  human: string,
  { json, note, by, ...api }: ActorOptions,
): Promise<number> {
  const client = await ApiClient.open(api);
  const path = `/v1/dead-letters/${encodeURIComponent(id)}`;
  const { missed } = await client.get<DeadLetterView>(path);
  const message = await client.post<MessageView>(`${path}/redirect`, { human, ...given({ note, by }) });
  const again = missed.includes(human) ? ", who did not take it before: it may come back" : "";
  print(message, json, () => [`${id} is on its way to ${human}${again}`]);
  return 0;
}

export async function discardDeadLetterCommand(id: string, { json, note, by, ...api }: ActorOptions): Promise<number> {
  const client = await ApiClient.open(api);
  const message = await client.post<MessageView>(
    `/v1/dead-letters/${encodeURIComponent(id)}/discard`,
    given({ note, by }),
  );
  print(message, json, ({ state }) => [
    `${id} is put away (${state}); POST /v1/messages/ID/release sends it after all`,
  ]);
  return 0;
}

function filterOf({ stage, since, errorText }: Filter) {
  return given({ stage, since, error: errorText });
}

function given(fields: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function print<Answer>(answer: Answer, json: boolean, format: (answer: Answer) => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(answer)}\n` : `${format(answer).join("\n")}\n`);
}

function formatList({ total, deadLetters }: DeadLetters, isFiltered: boolean): string[] {
  const rows = deadLetters.map(
    ({ id, at, stage, error }) => `${id}  ${minuteOf(at)}  ${stage.padEnd(8)}  ${oneLine(error, MAX_ERROR_COLUMNS)}`,
  );
  const head = "id                                    given up (UTC)    stage     error";
  const count = `${total} ${total === 1 ? "waits" : "wait"}${total > rows.length ? `, ${rows.length} of them ${isFiltered && rows.length < MAX_LISTED ? "match" : "here"}` : ""}`;
  return rows.length === 0 ? [count] : [head, ...rows, count];
}

function formatOne({ id, stage, error, at, rawKept, humans, missed, actions }: DeadLetterView): string[] {
  const others = humans.map((human) => (missed.includes(human) ? `${human} (did not take it)` : human));
  return [
    `${id}: given up ${minuteOf(at)} UTC (${stage})`,
    oneLine(error),
    rawKept
      ? `triage dead-letters retry ${id}, or redirect to: ${others.join(", ") || "nobody else"}`
      : "its bytes are older than the site keeps them: it can only be discarded",
    ...actions.map(
      (done) =>
        `  ${minuteOf(done.at)} ${done.by}: ${done.action}${done.human === undefined ? "" : ` to ${done.human}`}` +
        `${done.note === undefined ? "" : ` (${oneLine(done.note)})`}, it was: ${oneLine(done.error, MAX_ERROR_COLUMNS)}`,
    ),
  ];
}

/** Errors quote other servers: nothing of theirs may move the cursor or start a line. */
function oneLine(text: string, maxChars = 1_000): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
  return line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line;
}

/** `2026-11-22 13:45` */
function minuteOf(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}
