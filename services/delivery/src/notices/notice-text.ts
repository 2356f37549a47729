/** What a notice says, by the kind of its incident: one file a kind. Pure. */
import type { Notice } from "@triage/store";
import { formatAlertSubject, formatAlertText } from "./alert-text.ts";
import { formatFailureSubject, formatFailureText } from "./failure-text.ts";
import { formatFloodSubject, formatFloodText } from "./flood-text.ts";
import { formatStormSubject, formatStormText } from "./storm-text.ts";

export interface NoticeText {
  /** One line. */
  readonly subject: string;
  /** Lines joined by LF, none longer than 76 columns unless a single word is. */
  readonly text: string;
}

export function formatNotice(notice: Notice): NoticeText {
  switch (notice.kind) {
    case "storm":
      return { subject: formatStormSubject(notice), text: formatStormText(notice) };
    case "failure":
      return { subject: formatFailureSubject(notice), text: formatFailureText(notice) };
    case "flood":
      return { subject: formatFloodSubject(notice), text: formatFloodText(notice) };
    case "alert":
      return { subject: formatAlertSubject(notice), text: formatAlertText(notice) };
    default:
      return notice satisfies never;
  }
}
