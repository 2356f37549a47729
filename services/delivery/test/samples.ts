/** The messages that the delivery service is tested with; CRLF as they would come over SMTP. */
import { readFile } from "node:fs/promises";

export function readSample(name: string): Promise<Buffer> {
  return readFile(new URL(`samples/${name}`, import.meta.url));
}
