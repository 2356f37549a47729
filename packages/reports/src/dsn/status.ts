/** The Status field of a DSN (RFC 3464 section 2.3.4) and how it yields to the remote's own words. */

/** RFC 3463 section 2: class, subject and detail of one to three digits; a comment may follow. */
const STATUS = /^\s{0,4}([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;

/** `5.1.1`, `5.1.1 (bad mailbox)`; undefined when it is no enhanced status code. */
export function parseStatus(value: string): string | undefined {
  return STATUS.exec(value)?.[1];
}

/** `x.0.0`: says no more than permanent or transient. */
function isGenericStatus(status: string): boolean {
  return status.endsWith(".0.0");
}

/**
 * The status that says most: the reported one, unless it is missing or generic and the diagnostic holds an exact one.
 *
 * QUIRK(sendmail): a message that was given up after days in the queue gets 4.4.7 whatever the remote had said; its last
 * words in the Diagnostic-Code say why.
 */
export function chooseStatus(reported: string | undefined, spoken: string | undefined): string | undefined {
  if (spoken === undefined || reported === undefined) return reported ?? spoken;
  if (isGenericStatus(spoken)) return reported;
  return isGenericStatus(reported) || reported === "4.4.7" ? spoken : reported;
}
