/** `triage release`: has the service send a message that was kept to the human after all. */
import type { MessageView } from "@triage/contracts";
import { ApiClient, type ApiOptions } from "../api-client.ts";

export interface ReleaseOptions extends ApiOptions {
  readonly json: boolean;
}

export async function releaseCommand(id: string, { json, ...api }: ReleaseOptions): Promise<number> {
  const client = await ApiClient.open(api);
  const message = await client.post<MessageView>(`/v1/messages/${encodeURIComponent(id)}/release`);
  process.stdout.write(json ? `${JSON.stringify(message)}\n` : `${message.id} is on its way to the human\n`);
  return 0;
}
