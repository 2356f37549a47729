import { messages } from "./0001-messages.ts";
import { sentLedger } from "./0002-sent-ledger.ts";
import { sentKeys } from "./0003-sent-keys.ts";
import { storms } from "./0004-storms.ts";
import { corrections } from "./0005-corrections.ts";
import { grouped } from "./0006-grouped.ts";
import { incidents } from "./0007-incidents.ts";
import { assignments } from "./0008-assignments.ts";
import { digests } from "./0009-digests.ts";
import { retention } from "./0010-retention.ts";
import { ownMail } from "./0011-own-mail.ts";
import { redacted } from "./0012-redacted.ts";
import { noticeAssignments } from "./0013-notice-assignments.ts";
import { verdictSender } from "./0014-verdict-sender.ts";
import { apart } from "./0015-apart.ts";
import { stormKeys } from "./0016-storm-keys.ts";
import { nextHuman } from "./0017-next-human.ts";
import { failedNotices } from "./0018-failed-notices.ts";
import type { Migration } from "./migration.ts";

/** In the order in which they are applied. */
export const MIGRATIONS: readonly Migration[] = [
  messages,
  sentLedger,
  sentKeys,
  storms,
  corrections,
  grouped,
  incidents,
  assignments,
  digests,
  retention,
  ownMail,
  redacted,
  noticeAssignments,
  verdictSender,
  apart,
  stormKeys,
  nextHuman,
  failedNotices,
];
