/** What the store knows of who is told by notices and digests, as its users see it. */

import type { DeliveryPart } from "@triage/contracts";
import type { Database } from "../database.ts";
import type { NewAssignment } from "./assignments.ts";
import {
  assignNotice,
  dropNoticeAssignments,
  escalateNotices,
  giveUpNoticeAssignments,
  type MailQueue,
  type NoticeAssignment,
  type NoticeAttempt,
  type NoticeEscalation,
  noticeOutcome,
  putOffNotice,
  readNoticeAssignments,
  recordNoticeAttempt,
} from "./notice-assignments.ts";

export interface NoticeStore {
  noticeAssignments(id: string): Promise<readonly NoticeAssignment[]>;
  assignNotice(
    notice: { readonly id: string; readonly queue: MailQueue },
    humans: readonly NewAssignment[],
    at: Date,
  ): Promise<void>;
  dropNoticeAssignments(id: string, humans: readonly string[]): Promise<void>;
  /** There was no room; the sweeper brings it, by a job of its own. */
  putOffNotice(id: string, human: string): Promise<void>;
  recordNoticeAttempt(id: string, attempt: NoticeAttempt): Promise<void>;
  giveUpNoticeAssignments(
    part: DeliveryPart,
    given: { readonly minAttempts: number; readonly at: Date },
  ): Promise<void>;
  /** `pending`: somebody is still to be told, or waits for the next human's time. `nobody`: nobody was to be told. */
  noticeOutcome(id: string, at: Date): Promise<"pending" | "delivered" | "failed" | "nobody">;
  /** Notices and digests that the next human is told of now. */
  escalateNotices(step: NoticeEscalation): Promise<readonly { readonly id: string; readonly queue: MailQueue }[]>;
}

export function bindNotices(database: Database): NoticeStore {
  return {
    noticeAssignments: (id) => readNoticeAssignments(database, id),
    assignNotice: (notice, humans, at) => assignNotice(database, notice, humans, at),
    dropNoticeAssignments: (id, humans) => dropNoticeAssignments(database, id, humans),
    putOffNotice: (id, human) => putOffNotice(database, id, human),
    recordNoticeAttempt: (id, attempt) => recordNoticeAttempt(database, id, attempt),
    giveUpNoticeAssignments: (part, given) => giveUpNoticeAssignments(database, part, given),
    noticeOutcome: (id, at) => noticeOutcome(database, id, at),
    escalateNotices: (step) => escalateNotices(database, step),
  };
}
