/** What a notice says, by the kind of its incident: one file a kind. Pure. */
import type { Notice } from "@triage/store";
import { formatAlertSubject, formatAlertText } from "./alert-text.ts";
import { formatFailureSubject, formatFailureText } from "./failure-text.ts";
import { formatFloodSubject, formatFloodText, type Reach } from "./flood-text.ts";
import { formatStormSubject, formatStormText } from "./storm-text.ts";

export interface NoticeText {
  /** One line. */
  readonly subject: string;
  /** Lines joined by LF, none longer than 76 columns unless a single word is. */
  readonly text: string;
}

/** @param reach  Where its links lead. */
export function formatNotice(notice: Notice, reach: Reach = {}): NoticeText {
  switch (notice.kind) {
    case "storm":
      return { subject: formatStormSubject(notice), text: formatStormText(notice) };
    case "failure":
      return { subject: formatFailureSubject(notice), text: formatFailureText(notice) };
    case "flood":
      return { subject: formatFloodSubject(notice), text: formatFloodText(notice, reach) };
    case "alert":
      return { subject: formatAlertSubject(notice), text: formatAlertText(notice) };
    default:
      return notice satisfies never;
  }
}
