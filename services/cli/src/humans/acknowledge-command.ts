/** `triage acknowledge`: says through the service that somebody sees to a message. */
import type { AcknowledgeRequest, MessageView } from "@triage/contracts";
import { ApiClient, type ApiOptions } from "../api-client.ts";

export interface AcknowledgeOptions extends ApiOptions {
  readonly by?: string;
  readonly json: boolean;
}

export async function acknowledgeCommand(id: string, { by, json, ...api }: AcknowledgeOptions): Promise<number> {
  const client = await ApiClient.open(api);
  const request: AcknowledgeRequest = by === undefined ? {} : { by };
  const message = await client.post<MessageView>(`/v1/messages/${encodeURIComponent(id)}/acknowledge`, request);
  const { acknowledged, state } = message;
  const since = acknowledged === undefined ? "" : ` since ${acknowledged.at.slice(0, 16).replace("T", " ")} UTC`;
  process.stdout.write(
    json ? `${JSON.stringify(message)}\n` : `${message.id} (${state}): ${acknowledged?.by ?? "?"} sees to it${since}\n`,
  );
  return 0;
}
