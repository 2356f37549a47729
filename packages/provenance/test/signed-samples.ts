/** A message of ours, signed by mailauth with either kind of key, and what the check says of it. */
import type { Evidence } from "../src/index.ts";
import { ed25519Key, profileOf, rsaKey, type SigningOptions, signatureField, type TestKey } from "./mailauth-signer.ts";
import { dsnReturning, evidenceOf, returnedWith, siteOf } from "./samples.ts";

export const RSA = rsaKey(2048);
export const ED25519 = ed25519Key();
export const KEYS = [RSA, ED25519];
export const site = siteOf({ dkim: profileOf(KEYS) });

export const HEADER = [
  "Received: from ann-pc (ann-pc.example.com [192.0.2.77])",
  "\tby mail.example.com with ESMTPSA id 42; Fri, 20 Nov 2026 10:00:00 +0000",
  "From: Ann  Example <ann@example.com>",
  "To: joe@example.net,",
  "\tkim@example.net",
  "Subject: The  minutes",
  " of our meeting",
  "Date: Fri, 20 Nov 2026 10:00:00 +0000",
  "Message-ID: <1@example.com>",
  "",
].join("\r\n");
export const BODY = "Dear all,\r\n\r\nhere they are.  \r\n\r\nAnn\r\n\r\n";
const SIGNED = ["from", "to", "subject", "date", "message-id"];

export async function signed(key: TestKey, options: SigningOptions = {}, header = HEADER): Promise<string> {
  return (await signatureField(header, BODY, key, { headerList: SIGNED, ...options })) + header;
}

export function judge(header: string | Buffer, body?: string, from = site): Promise<Evidence> {
  return evidenceOf("returned-dkim", { site: from, report: dsnReturning(returnedWith(header, body)) });
}
