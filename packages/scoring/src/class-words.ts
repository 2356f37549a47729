import type { VerdictClass } from "./verdict.ts";

/** What each class is called in a sentence. */
export const CLASS_WORDS: Readonly<Record<VerdictClass, string>> = {
  "genuine-dsn": "a report about mail that this site sent",
  "user-report": "a person's message",
  backscatter: "a report about mail that this site never sent",
  automated: "automatic mail",
  spam: "spam",
};
