/**
 * Own mail: the report is about a mail that this service itself sent to a human. The signature in its Message-ID or ENVID proves it.
 *
 * Only what is found gets a line: hardly any message is about our mail, and the line would stand in all of them.
 */
import type { Report } from "@triage/reports";
import { type Evidence, evidence } from "../evidence.ts";
import type { OwnMailPort } from "../ports.ts";
import { findOwnMail } from "./find-own-mail.ts";

export function checkOwnMail(report: Report, read: OwnMailPort): Evidence | undefined {
  const mail = findOwnMail(report, read);
  if (mail === undefined) return undefined;
  const step = mail.step === undefined ? "" : ` (${mail.step})`;
  return evidence(
    "own-mail",
    "pass",
    `It is about our own mail to a human, ${mail.id}${step}: the id that comes back is signed.`,
  );
}
