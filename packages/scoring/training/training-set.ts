/** All messages that the text model is trained on, with the group that the printed table lists them under. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Envelope, type Message, readMessage } from "@triage/message";
import { readReport } from "@triage/reports";
import type { Contribution } from "../src/add-up.ts";
import { contributionsOfReport, lacksUsableHeader } from "../src/report-contributions.ts";
import { type MessageText, readMessageText } from "../src/text-model/message-text.ts";
import type { TrainingSample } from "../src/text-model/select-features.ts";
import type { TextClass } from "../src/text-model/text-model-data.ts";
import { textTokens } from "../src/text-model/text-tokens.ts";
import { groupNearDuplicates } from "./near-duplicates.ts";
import { GROUPS, type Group, readGroup } from "./spam-assassin.ts";
import { readWrittenMessages } from "./written-messages.ts";

export const FOLDS = 5;

/**
 * Written messages are few beside 6,000 others and stand for the mail that the service really meets, so each counts
 * several times. More would let single letters choose the features.
 */
const COPIES = { letter: 10, spam: 10 } as const;

export interface LabelledSample extends TrainingSample {
  readonly group: string;
  readonly language: string;
  /** 0 to FOLDS - 1, by the hash of the bytes of the first message that is nearly the same: all of those are in one fold. */
  readonly fold: number;
  readonly structure: Structure;
}

/** What the rest of scoring says of it, as a site that has said nothing about itself gets it. */
export interface Structure {
  readonly contributions: readonly Contribution[];
  /** Whether the text is asked at all: the words of a report are not its sender's. */
  readonly asksText: boolean;
}

interface ReadSample extends TrainingSample {
  readonly group: string;
  readonly language: string;
  readonly structure: Structure;
  readonly text: MessageText;
  /** By the hash of its own bytes. */
  readonly ownFold: number;
}

const UNKNOWN_ENVELOPE: Envelope = { reversePath: undefined, forwardPaths: [] };

function structureOf(message: Message): Structure {
  const report = readReport(message, UNKNOWN_ENVELOPE);
  const isLetter = report.kind === "person" || report.kind === "other";
  return {
    contributions: contributionsOfReport(message, report, UNKNOWN_ENVELOPE),
    asksText: isLetter && !lacksUsableHeader(message, report),
  };
}

function toSample(raw: Buffer, label: TextClass, copies: number, group: string, language: string): ReadSample {
  const ownFold = createHash("sha256").update(raw).digest().readUInt16BE(0) % FOLDS;
  const message = readMessage(raw);
  const [tokens, text, structure] = [textTokens(message), readMessageText(message), structureOf(message)];
  return { tokens, text, structure, label, copies, group, language, ownFold };
}

/** Later lots are groups of their own, so that what the first ones show can be compared with earlier tables. */
const WRITTEN = [
  { group: "letters", label: "letter" },
  { group: "look-alikes", label: "spam" },
  { group: "more-letters", label: "letter" },
  { group: "more-look-alikes", label: "spam" },
  { group: "western-letters", label: "letter" },
  { group: "western-look-alikes", label: "spam" },
  { group: "eastern-letters", label: "letter" },
  { group: "eastern-look-alikes", label: "spam" },
] as const;

function written({ group, label }: (typeof WRITTEN)[number]): ReadSample[] {
  return readWrittenMessages(join(import.meta.dirname, `${group}.txt`)).map(({ raw, language }) =>
    toSample(raw, label, COPIES[label], group, language),
  );
}

/**
 * In a fixed order; samples without any token are left out, as natural leaves them out.
 *
 * @param spamAssassin  Folder that holds one folder per group.
 */
export function readTrainingSet(spamAssassin: string): LabelledSample[] {
  const collected = (Object.keys(GROUPS) as Group[]).flatMap((group) =>
    readGroup(spamAssassin, group).map((raw) => toSample(raw, GROUPS[group], 1, group, "en")),
  );
  const samples = [...collected, ...WRITTEN.flatMap(written)].filter(({ tokens }) => tokens.length > 0);
  const firstOf = groupNearDuplicates(samples.map(({ text }) => text));
  return samples.map(({ tokens, structure, label, copies, group, language, ownFold }, index) => {
    const fold = samples[firstOf[index] ?? index]?.ownFold ?? ownFold;
    return { tokens, structure, label, copies, group, language, fold };
  });
}
