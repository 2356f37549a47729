/** How mail is spelled: dates, encoded words, header blocks. */

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** RFC 5322 section 3.3. */
export function mailDate(ms: number): string {
  const date = new Date(ms);
  const two = (value: number) => String(value).padStart(2, "0");
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(":");
  return `${DAYS[date.getUTCDay()]}, ${two(date.getUTCDate())} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`;
}

/** Unstructured text as RFC 2047 wants it, when it is not ASCII. */
export function encodedWord(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  const words: string[] = [];
  // RFC 2047 section 2: an encoded word has 75 characters at most, and never half a character.
  for (let chars = [...text]; chars.length > 0; chars = chars.slice(14)) {
    words.push(`=?UTF-8?B?${Buffer.from(chars.slice(0, 14).join(""), "utf8").toString("base64")}?=`);
  }
  return words.join("\n ");
}

/** Name and value; a value may be folded. */
export type Field = readonly [name: string, value: string];

export function headerBlock(fields: readonly Field[]): string {
  return fields.map(([name, value]) => `${name}: ${value}\n`).join("");
}
