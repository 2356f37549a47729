import type { Message } from "@triage/message";

export interface TextScore {
  readonly logOdds: number;
  readonly telling: readonly string[];
}

export function scoreText(_message: Message): TextScore {
  return { logOdds: 0, telling: [] };
}
