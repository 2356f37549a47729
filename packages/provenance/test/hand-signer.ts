/** Signs exactly the lines that a test names, for what mailauth never signs: repeated and over-signed fields, tabs as folds. */
import { createHash, sign } from "node:crypto";
import type { TestKey } from "./mailauth-signer.ts";

/**
 * @param tags  Everything of the DKIM-Signature value but b=, as it stands in the header, ending in `; `.
 * @param lines What is signed, canonical already and in the order of h=, without line ends.
 * @param form  Gives the canonical form of the DKIM-Signature field itself.
 * @returns     The DKIM-Signature field with its line end.
 */
export function handSigned(
  tags: string,
  lines: readonly string[],
  key: TestKey,
  form: (field: string) => string,
): string {
  const field = `DKIM-Signature: ${tags}b=`;
  const data = Buffer.from(lines.map((line) => `${line}\r\n`).join("") + form(field), "latin1");
  const isRsa = key.algorithm === "rsa-sha256";
  const signature = isRsa
    ? sign("sha256", data, key.privateKey)
    : sign(null, createHash("sha256").update(data).digest(), key.privateKey);
  return `${field}${signature.toString("base64")}\r\n`;
}

/** Relaxed form of a field that is written on one line with single spaces. */
export const relaxedLine = (field: string) =>
  field.replace(/^([^:]+): /, (_, name: string) => `${name.toLowerCase()}:`);
export const simpleLine = (field: string) => field;
