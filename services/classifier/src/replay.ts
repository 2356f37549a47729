/**
 * Stored messages judged again: the same five stages, under a configuration that may be another one, with what the service
 * knows today (its model, its sent ledger, DNS where the configuration asks for it).
 *
 * The clock is that of the message, so that a token that was valid then is valid still. Storms are those that were found then:
 * counting the messages again would change the counts of today.
 */
import { recallStorm, type StormPort } from "@triage/provenance";
import type { ResolvedConfig } from "@triage/runtime";
import { LearnedModel } from "@triage/scoring";
import type { ArchivedMessage, MessageArchive } from "@triage/store";
import { type Classified, classify } from "./classify.ts";
import { contextFor } from "./context-for.ts";
import { readLearnedData } from "./learning/learned-data.ts";
import { ownMailPort } from "./own-mail.ts";

/** Judges one message. Throws only what the database throws, and for a defect of ours. */
export type Replay = (message: ArchivedMessage) => Promise<Classified>;

type Archive = Pick<MessageArchive, "findSent" | "mailSecrets" | "activeModelVersion" | "modelVersion">;

export async function openReplay(config: ResolvedConfig, archive: Archive): Promise<Replay> {
  const model = config.learning === undefined ? undefined : await activeModel(archive);
  const context = contextFor(config, {
    ledger: { find: archive.findSent },
    ownMail: ownMailPort([...config.ownMail.secrets, ...(await archive.mailSecrets())]),
    now: () => new Date(),
    learned: model && (() => model),
  });
  return ({ raw, envelope, receivedAt, decided }) => {
    const storms: StormPort | undefined = config.storms && {
      note: async () => recallStorm(decided.evidence.find(({ check }) => check === "storm")),
    };
    const ports = () => ({ ...context.ports(), now: receivedAt, ...(storms && { storms }) });
    return classify(raw, envelope, { ...context, ports });
  };
}

/** The version that the workers use; undefined: what the service ships, also where another release wrote the version. */
async function activeModel(archive: Archive): Promise<LearnedModel | undefined> {
  const version = await archive.activeModelVersion();
  const stored = version === 0 ? undefined : await archive.modelVersion(version);
  const data = stored && readLearnedData(stored.data);
  return data && new LearnedModel(data);
}
