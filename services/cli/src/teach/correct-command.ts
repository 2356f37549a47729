/** `triage correct`: says what a message is, through the service, and prints what became of it. */
import type { Corrected, CorrectedVerdict, CorrectionRequest } from "@triage/contracts";
import { ApiClient, type ApiOptions } from "../api-client.ts";

export interface CorrectOptions extends ApiOptions {
  readonly note?: string;
  readonly by?: string;
  readonly json: boolean;
}

export async function correctCommand(
  id: string,
  verdict: CorrectedVerdict,
  { note, by, json, ...api }: CorrectOptions,
): Promise<number> {
  const client = await ApiClient.open(api);
  const request: CorrectionRequest = { verdict, ...(note !== undefined && { note }), ...(by !== undefined && { by }) };
  const corrected = await client.post<Corrected>(`/v1/messages/${encodeURIComponent(id)}/correction`, request);
  process.stdout.write(json ? `${JSON.stringify(corrected)}\n` : formatCorrected(corrected));
  return 0;
}

function formatCorrected({ id, verdict, route, state, corrections, learning }: Corrected): string {
  const last = corrections.at(-1);
  const before = last === undefined ? "" : `, not ${last.formerVerdict}`;
  return `${id} is ${verdict}${before} (${last?.by ?? "?"}): route ${route}, ${state}\n${learning}\n`;
}
