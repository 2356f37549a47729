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
}

const KINDS = [
  "message",
  "failure",
  "storm",
  "flood",
  "alert",
  "digest",
] as const satisfies readonly HumanMail["kind"][];

export function assessMails(found: readonly Found[], mails: readonly HumanMail[]): MailAssessment {
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
  return {
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
}

function problemsOf(found: readonly Found[]) {
  const ids = new Map<string, string[]>();
  for (const { id, message } of found) {
    if (message.problem !== undefined) ids.set(message.problem, [...(ids.get(message.problem) ?? []), id]);
  }
  return [...ids].map(([problem, all]) => ({ problem, ids: all }));
}

export function formatMails({ humans, letters, feedbackReports, problems }: MailAssessment): string {
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
  ].join("\n");
}
