/** What every text that the model is trained on keeps to: a mistake there would be learned, or make the held-out numbers lie. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { readMessage } from "@triage/message";
import { describe, expect, test } from "vitest";
import { FREE_HOSTS, SHORTENERS } from "../src/text-model/link-hosts.ts";
import { readMessageText } from "../src/text-model/message-text.ts";
import { groupNearDuplicates } from "../training/near-duplicates.ts";
import { readWrittenMessages } from "../training/written-messages.ts";

const TRAINING = join(import.meta.dirname, "../training");

/** The first two lots came before anybody looked; what is alike there shares a fold. */
const COMPARED = /^(?:eastern|western)-/;

const lots = readdirSync(TRAINING)
  .filter((file) => file.endsWith(".txt"))
  .map((file) => file.slice(0, -".txt".length))
  .sort();

const texts = lots.flatMap((lot) =>
  readWrittenMessages(join(TRAINING, `${lot}.txt`)).map(({ language, raw }) => {
    const message = readMessage(raw);
    return { lot, language, headers: message.root.headers, text: readMessageText(message) };
  }),
);

/** RFC 2606 and 6761; a page on a free host is named `example-` something, and whoever shortens links is named as such. */
function isReserved(host: string): boolean {
  const site = host.split(".").slice(-2).join(".");
  if (/^example\.(?:com|net|org|edu)$/.test(site) || /\.(?:example|test|invalid|localhost)$/.test(host)) return true;
  if (SHORTENERS.has(host) || FREE_HOSTS.has(host)) return true;
  return FREE_HOSTS.has(site) && host.startsWith("example-");
}

/** RFC 5737 and the private networks of RFC 1918. */
const RESERVED_IP = /^(?:192\.0\.2|198\.51\.100|203\.0\.113|10\.\d+\.\d+|127\.0\.0|192\.168\.\d+)\.\d+$/;

function* hostsIn(text: string): Iterable<string> {
  for (const [, host = ""] of text.matchAll(/https?:\/\/([a-z0-9.-]+)/gi)) yield host.toLowerCase().replace(/\.$/, "");
}

describe("the written training texts", () => {
  test("say something, if in the subject alone", () => {
    expect(texts.length).toBeGreaterThan(4900);
    expect(texts.filter(({ text }) => text.subject.trim() === "" && text.body.trim() === "")).toEqual([]);
  });

  test("name their language by its tag, and none is mostly one of letters or spam: who writes in it is not judged for that", () => {
    const counts = new Map<string, { letters: number; spams: number }>();
    for (const { lot, language } of texts) {
      expect(language).toMatch(/^[a-z]{2}$/);
      const { letters, spams } = counts.get(language) ?? { letters: 0, spams: 0 };
      const isLetter = lot.endsWith("letters");
      counts.set(language, { letters: letters + (isLetter ? 1 : 0), spams: spams + (isLetter ? 0 : 1) });
    }
    const uneven = [...counts].filter(([, { letters, spams }]) => spams > 1.5 * letters || letters > 1.5 * spams);
    expect(uneven).toEqual([]);
  });

  test("link to reserved names and networks alone, so that nobody's real site is called spam", () => {
    const foreign = texts.flatMap(({ lot, text }) =>
      [...hostsIn(text.body), ...hostsIn(text.html)]
        .filter((host) => !isReserved(host) && !RESERVED_IP.test(host))
        .map((host) => `${lot}: ${host}`),
    );
    expect(foreign).toEqual([]);
  });

  test("come from reserved addresses", () => {
    const foreign = texts.flatMap(({ lot, headers }) => {
      const [, host = ""] = /@([a-z0-9.-]+)/i.exec(headers.value("from") ?? "") ?? [];
      return isReserved(host.toLowerCase()) ? [] : [`${lot}: ${headers.value("from")}`];
    });
    expect(foreign).toEqual([]);
  });

  test("of the third lot are no near-duplicates of each other or of what was there: copies in two folds would be learned by heart", () => {
    const firstOf = groupNearDuplicates(texts.map(({ text }) => text));
    const copies = texts.flatMap(({ lot, text }, index) => {
      const first = texts[firstOf[index] ?? index];
      if (first === undefined || firstOf[index] === index) return [];
      return COMPARED.test(lot) || COMPARED.test(first.lot) ? [`${lot}: ${text.subject} (${first.text.subject})`] : [];
    });
    expect(copies).toEqual([]);
  });
});
