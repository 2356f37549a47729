import type { Thresholds } from "@triage/scoring";

export type SupposedThresholds = Partial<Thresholds>;

/** As in triage.yaml: below one half, the likelier of two would not be believed. */
const MIN = 0.5;
const MAX = 1;

/** Every class, which the compiler sees to. Not from @triage/contracts: `triage pipe`, run for each message, must load nothing. */
const NAMES: Readonly<Record<keyof Thresholds, true>> = {
  "genuine-dsn": true,
  "user-report": true,
  backscatter: true,
  automated: true,
  spam: true,
};
const CLASSES = Object.keys(NAMES);

/** @returns One threshold, or what is wrong with the text. */
export function parseThreshold(text: string): SupposedThresholds | string {
  const [name = "", value = "", ...more] = text.split("=");
  const verdict = CLASSES.find((id) => id === name.trim());
  if (verdict === undefined) return `It must begin with one of ${CLASSES.join(", ")}, as in spam=0.95.`;
  const probability = value.trim() === "" || more.length > 0 ? Number.NaN : Number(value);
  if (!(probability >= MIN && probability <= MAX)) {
    return `A threshold must be a probability from ${MIN} to ${MAX}, as in ${verdict}=0.95.`;
  }
  return { [verdict]: probability };
}
