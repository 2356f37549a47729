/** Humans for the tests of the delivery service; each test says only what it is about. */
import type { HumanConfig } from "@triage/runtime";

export function aHuman(fields: Partial<HumanConfig> = {}): HumanConfig {
  return {
    id: "human",
    to: ["ann@example.com"],
    outlet: "maildir",
    form: "summary",
    maxBytes: undefined,
    maxPerHour: undefined,
    rota: undefined,
    escalation: undefined,
    for: undefined,
    ...fields,
  };
}
