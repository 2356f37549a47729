/** `triage incidents list|show|close`, through the service. */
import type { IncidentMessages, Incidents, IncidentView } from "@triage/contracts";
import { ApiClient, type ApiOptions } from "../api-client.ts";
import { describeFacts } from "./describe-facts.ts";

/** Messages that `show` lists; the API pages through all. */
const MAX_MESSAGES = 10;
/** Columns of what an incident is about in the list; `show` has it whole. */
const MAX_ABOUT_COLUMNS = 80;

interface Options extends ApiOptions {
  readonly json: boolean;
}

interface ListOptions extends Options {
  readonly state?: string;
  readonly kind?: string;
}

export async function listIncidentsCommand({ json, state, kind, ...api }: ListOptions): Promise<number> {
  const client = await ApiClient.open(api);
  const query = new URLSearchParams({ ...(state !== undefined && { state }), ...(kind !== undefined && { kind }) });
  const incidents = await client.get<Incidents>(`/v1/incidents?${query}`);
  print(json ? [JSON.stringify(incidents)] : formatList(incidents));
  return 0;
}

export async function showIncidentCommand(id: string, { json, ...api }: Options): Promise<number> {
  const client = await ApiClient.open(api);
  const path = `/v1/incidents/${encodeURIComponent(id)}`;
  const incident = await client.get<IncidentView>(path);
  if (json) {
    print([JSON.stringify(incident)]);
    return 0;
  }
  const { messages } = await client.get<IncidentMessages>(`${path}/messages?limit=${MAX_MESSAGES}`);
  print(formatOne(incident, messages));
  return 0;
}

export async function closeIncidentCommand(id: string, { json, ...api }: Options): Promise<number> {
  const client = await ApiClient.open(api);
  const incident = await client.post<IncidentView>(`/v1/incidents/${encodeURIComponent(id)}/close`);
  print(json ? [JSON.stringify(incident)] : [`${id} is closed: the next message of its cause begins a new one`]);
  return 0;
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

function formatList({ open, incidents }: Incidents): readonly string[] {
  const head = "id                                    last seen (UTC)   kind     state   messages  about";
  const rows = incidents.map((incident) => {
    const { id, lastSeen, kind, state, messages } = incident;
    const about = oneLine(describeFacts(incident), MAX_ABOUT_COLUMNS);
    return `${id}  ${minuteOf(lastSeen)}  ${kind.padEnd(7)}  ${state.padEnd(6)}  ${String(messages).padStart(8)}  ${about}`;
  });
  return [...(rows.length === 0 ? [] : [head, ...rows]), `${open} open`];
}

function formatOne(incident: IncidentView, messages: IncidentMessages["messages"]): readonly string[] {
  const { id, kind, state, firstSeen, lastSeen, closedAt, notices } = incident;
  const end = closedAt === undefined ? "" : `, closed ${minuteOf(closedAt)}`;
  return [
    `${id}: ${kind}, ${state}, ${incident.messages} messages`,
    oneLine(describeFacts(incident)),
    `  ${minuteOf(firstSeen)} to ${minuteOf(lastSeen)} UTC${end}`,
    ...notices.map(({ step, state: told, at }) => `  ${minuteOf(at)} told (${step}): ${told}`),
    ...messages.map((message) => {
      const words = [message.role, message.state, message.sender, message.subject];
      return `  ${message.id}  ${minuteOf(message.receivedAt)}  ${oneLine(words.filter(Boolean).join("  "))}`;
    }),
    ...(messages.length === MAX_MESSAGES ? [`  GET /v1/incidents/${id}/messages lists all`] : []),
  ];
}

/** Facts quote strangers: nothing of theirs may move the cursor or start a line. */
function oneLine(text: string, maxChars = 1_000): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
  return line.length > maxChars ? `${line.slice(0, maxChars - 1)}…` : line;
}

/** `2026-11-22 13:45` */
function minuteOf(instant: string): string {
  return instant.slice(0, 16).replace("T", " ");
}
