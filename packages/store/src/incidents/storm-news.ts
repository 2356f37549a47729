/**
 * Keeps a worker from writing an incident for every batch of a storm: what has hardly changed is no news.
 *
 * Nothing is lost by it: the counts are in the sketches, every step is seen when it is reached, and closing an incident
 * counts once more.
 */
import { countsOf } from "@triage/provenance";
import { type StormGroup, stepsOf } from "./storm-incidents.ts";

/** Growth that is worth a statement. */
const GROWTH = 1.02;
/** Even without growth, so that a storm which goes on is not taken for one that is over. */
const REFRESH_MS = 60_000;
/** LIMIT: keys of storms that are remembered; a forgotten one costs a statement. */
const MAX_REMEMBERED = 1_000;

interface Told {
  readonly messages: number;
  readonly latestMs: number;
}

interface Remembered extends Told {
  readonly incidentId: string;
}

export class StormNews {
  readonly #told = new Map<string, Remembered>();

  isNews(group: StormGroup): boolean {
    const { messages, latestMs } = summaryOf(group);
    return [...group.keys.keys()].some((key) => {
      const told = this.#told.get(key);
      if (told === undefined || latestMs > told.latestMs + REFRESH_MS) return true;
      return messages >= told.messages * GROWTH || stepsOf(messages).length > stepsOf(told.messages).length;
    });
  }

  /** The incident under one of these keys, as far as this worker has heard of it; it may be over by now. */
  incidentOf(keys: readonly { readonly key: string }[]): string | undefined {
    for (const { key } of keys) {
      const told = this.#told.get(key);
      if (told !== undefined) return told.incidentId;
    }
    return undefined;
  }

  /** To be called once it is in the database. */
  remember(group: StormGroup, incidentId: string): void {
    const told = { ...summaryOf(group), incidentId };
    for (const key of group.keys.keys()) {
      this.#told.delete(key);
      this.#told.set(key, told);
      const [oldest] = this.#told.keys();
      if (this.#told.size > MAX_REMEMBERED && oldest !== undefined) this.#told.delete(oldest);
    }
  }
}

function summaryOf({ sketch, reports }: StormGroup): Told {
  return { messages: countsOf(sketch).unproven, latestMs: Math.max(...reports.map(({ atMs }) => atMs)) };
}
