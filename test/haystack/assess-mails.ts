/** What the humans' mails are worth: how many of each kind, how many a person can act on, and what never came. Pure. */
import { alignColumns } from "./align-columns.ts";
import type { HumanMail } from "./read-maildirs.ts";
import type { Found } from "./run-day.ts";

export interface HumanRow {
  readonly human: string;
  readonly mails: Readonly<Record<HumanMail["kind"], number>>;
  readonly all: number;
  /** Letters, feedback reports, messages of a problem, and updates of one. */
  readonly actionable: number;
}

export interface MailAssessment {
  readonly humans: readonly HumanRow[];
  readonly letters: { readonly found: number; readonly of: number };
  readonly feedbackReports: { readonly found: number; readonly of: number };
  /** With which of its messages a problem came to a human first, from 1; 0: never. */
  readonly problems: readonly { readonly problem: string; readonly noticedWith: number; readonly mails: number }[];
  /** What no mailbox has and should; empty when all is there. */
  readonly misses: readonly string[];
}

const KINDS = [
  "message",
  "failure",
  "storm",
  "flood",
  "alert",
  "digest",
] as const satisfies readonly HumanMail["kind"][];

/** @param noticedWithin  A problem must come to a human within so many of its messages. */
export function assessMails(
  found: readonly Found[],
  mails: readonly HumanMail[],
  { noticedWithin }: { readonly noticedWithin: number },
): MailAssessment {
  const messages = new Map(found.map(({ id, message }) => [id, message]));
  const byMessageId = new Map(mails.flatMap((mail) => (mail.kind === "message" ? [[mail.messageId, mail.about]] : [])));
  /** The message that a mail is about, itself or the one that it continues. */
  const subjectOf = (mail: HumanMail) => {
    if (mail.kind === "message") return messages.get(mail.about);
    return mail.kind === "failure" ? messages.get(byMessageId.get(mail.about) ?? "") : undefined;
  };
  const wanted = new Set<string | undefined>(["letter", "feedback report", "problem"]);
  const got = new Set(mails.flatMap((mail) => (mail.kind === "message" ? [mail.about] : [])));
  const share = (truth: string) => {
    const all = found.filter(({ message }) => message.truth === truth);
    return { found: all.filter(({ id }) => got.has(id)).length, of: all.length };
  };
  const counted = {
    humans: [...new Set(mails.map(({ human }) => human))].sort().map((human) => {
      const own = mails.filter((mail) => mail.human === human);
      const count = (kind: string) => own.filter((mail) => mail.kind === kind).length;
      return {
        human,
        mails: Object.fromEntries(KINDS.map((kind) => [kind, count(kind)])) as HumanRow["mails"],
        all: own.length,
        actionable: own.filter((mail) => wanted.has(subjectOf(mail)?.truth)).length,
      };
    }),
    letters: share("letter"),
    feedbackReports: share("feedback report"),
    problems: problemsOf(found).map(({ problem, ids }) => ({
      problem,
      noticedWith: ids.findIndex((id) => got.has(id)) + 1,
      mails: mails.filter((mail) => subjectOf(mail)?.problem === problem).length,
    })),
  };
  const lost = found.filter(({ id, route }) => route === "human" && !got.has(id));
  const told = mails.some(({ kind }) => kind === "failure" || kind === "storm");
  const untold = told ? [] : found.filter(({ route }) => route === "grouped");
  return { ...counted, misses: missesOf(counted, { lost, untold, noticedWithin }) };
}

function missesOf(
  { letters, feedbackReports, problems }: Omit<MailAssessment, "misses">,
  {
    lost,
    untold,
    noticedWithin,
  }: { readonly lost: readonly Found[]; readonly untold: readonly Found[]; readonly noticedWithin: number },
): readonly string[] {
  const short = ({ found, of }: MailAssessment["letters"], what: string) =>
    found < of ? [`${found} of ${of} ${what} lie in a Maildir`] : [];
  return [
    ...short(letters, "letters"),
    ...short(feedbackReports, "feedback reports"),
    ...problems
      .filter(({ noticedWith }) => noticedWith === 0 || noticedWith > noticedWithin)
      .map(({ problem }) => `no mail about "${problem}" came with its first ${noticedWithin} messages`),
    ...lost.map(({ id, message }) => `message ${id} (${message.made}) is for a human, and lies in no Maildir`),
    ...(untold.length > 0 ? [`${untold.length} messages are counted as told of, and no notice lies in a Maildir`] : []),
  ];
}

function problemsOf(found: readonly Found[]) {
  const ids = new Map<string, string[]>();
  for (const { id, message } of found) {
    if (message.problem !== undefined) ids.set(message.problem, [...(ids.get(message.problem) ?? []), id]);
  }
  return [...ids].map(([problem, all]) => ({ problem, ids: all }));
}

export function formatMails({ humans, letters, feedbackReports, problems, misses }: MailAssessment): string {
  const percent = (part: number, whole: number) => (whole === 0 ? "-" : `${Math.round((part / whole) * 100)} %`);
  const rows = humans.map(({ human, mails, all, actionable }) => [
    ...[human, ...KINDS.map((kind) => String(mails[kind]))],
    ...[String(all), percent(actionable, all)],
  ]);
  const total = humans.reduce((sum, { all }) => sum + all, 0);
  const actionable = humans.reduce((sum, row) => sum + row.actionable, 0);
  return [
    ...alignColumns([["in the Maildir of", ...KINDS, "all", "actionable"], ...rows]),
    `${total} mails, ${actionable} of them (${percent(actionable, total)}) for a person to act on`,
    "",
    `letters ${letters.found} of ${letters.of}, feedback reports ${feedbackReports.found} of ${feedbackReports.of}`,
    ...alignColumns([
      ["problem", "first mail with", "mails"],
      ...problems.map(({ problem, noticedWith, mails }) => [
        ...[problem, noticedWith === 0 ? "never" : `message ${noticedWith}`, String(mails)],
      ]),
    ]),
    ...misses.map((miss) => `MISSED: ${miss}`),
  ].join("\n");
}
