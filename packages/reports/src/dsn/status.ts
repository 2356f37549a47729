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

/** Same subject and detail under another class. */
function differsInClass(one: string, other: string): boolean {
  return one.slice(1) === other.slice(1) && one !== other;
}

/**
 * The status that says most: the reported one, unless it is missing or generic and the diagnostic holds an exact one.
 *
 * QUIRK(sendmail): a message that was given up after days in the queue gets 4.4.7 whatever the remote had said; its last
 * words in the Diagnostic-Code say why.
 * QUIRK(postfix): a 5.x.x in the greeting is retried as 4.x.x ("refused to talk to me"); when it is given up, the remote's
 * own class stands.
 */
export function chooseStatus(reported: string | undefined, spoken: string | undefined): string | undefined {
  if (spoken === undefined || reported === undefined) return reported ?? spoken;
  if (isGenericStatus(spoken)) return reported;
  return isGenericStatus(reported) || reported === "4.4.7" || differsInClass(reported, spoken) ? spoken : reported;
}
