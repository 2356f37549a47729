/**
 * Forms of the Message-IDs that a site's MTAs make: by the name of the MTA, or as a pattern with `*`.
 *
 * A forger who copies our domain rarely copies the form, because his program has its own.
 */

/** Compiled once per site; the id comes without angle brackets, as sent. */
export type MessageIdForm = (id: string) => boolean;

/** What MTAs write in front of the `@`, for mail that came to them without a Message-ID. */
const LEFT_SIDES = {
  /** `20261122120000.4AbC1F2Dz` (cleanup_message.c): time and queue id, short or long. */
  postfix: /^\d{14}\.[0-9A-Za-z]{6,20}$/,
  /** `E1aBcDe-0000xx-00`, since 4.97 `E1aBcDe-00000000xxx-0000` (spec, "The Message-ID: header line"). */
  exim: /^E[0-9A-Za-z]{6}-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})$/,
  /** `202611221200.4AMC01aB012345` (`$t.$i` of sendmail.cf). */
  sendmail: /^\d{12}\.[0-9A-Za-z]{8,20}$/,
  /** `20261122120000.44481.qmail` (qmail-inject). */
  qmail: /^\d{14}\.\d{1,10}\.qmail$/,
} as const satisfies Readonly<Record<string, RegExp>>;

/** Names of the forms that are known. */
export const MESSAGE_ID_FORMS = Object.keys(LEFT_SIDES) as readonly (keyof typeof LEFT_SIDES)[];

/** Whether the configuration may say that: a known name, or a pattern that holds at least an `@`. */
export function isMessageIdForm(text: string): boolean {
  return text in LEFT_SIDES || text.includes("@");
}

/** @param text A name of MESSAGE_ID_FORMS, or a pattern in which `*` stands for any characters, also none. */
export function compileMessageIdForm(text: string): MessageIdForm {
  const known = MESSAGE_ID_FORMS.find((name) => name === text);
  if (known !== undefined) {
    const leftSide = LEFT_SIDES[known];
    return (id) => leftSide.test(id.slice(0, id.lastIndexOf("@")));
  }
  const pieces = text.toLowerCase().split("*");
  return (id) => fits(id.toLowerCase(), pieces);
}

/** The first and last piece are anchored, those between are taken at their first place: never goes back. */
function fits(id: string, pieces: readonly string[]): boolean {
  const [first = "", ...rest] = pieces;
  const last = rest.pop();
  if (last === undefined) return id === first;
  if (!id.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest) {
    const found = id.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return id.length - last.length >= at && id.endsWith(last);
}
