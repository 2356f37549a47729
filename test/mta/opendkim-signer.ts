/**
 * A real OpenDKIM, the signer of most Unix mail servers, run over one message without a milter (`opendkim -t`), in the
 * configurations that sites have. Keys and tables are in a folder of the test.
 */
import { execFile } from "node:child_process";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const OPENDKIM = "/usr/sbin/opendkim";

/** Names of the TXT records (`selector._domainkey.example.com`), and what stands there. */
export type KeyRecords = Readonly<Record<string, string>>;

/** Makes new keys in the folder: selectors `rsa` (2,048 bits), `old` (1,024 bits) and `ed` (Ed25519). */
export async function makeSigningKeys(folder: string): Promise<KeyRecords> {
  await mkdir(folder, { recursive: true });
  const pairs = {
    rsa: generateKeyPairSync("rsa", { modulusLength: 2_048 }),
    old: generateKeyPairSync("rsa", { modulusLength: 1_024 }),
    ed: generateKeyPairSync("ed25519"),
  };
  const records: Record<string, string> = {};
  for (const [selector, { privateKey, publicKey }] of Object.entries(pairs)) {
    const pem = privateKey.export({ format: "pem", type: "pkcs8" });
    await writeFile(join(folder, `${selector}.pem`), pem, { mode: 0o600 });
    records[`${selector}._domainkey.example.com`] = recordOf(publicKey);
  }
  await writeFile(join(folder, "everybody"), "*\n");
  await writeFile(join(folder, "signers"), "*@example.com rsa\n*@example.com old\n");
  const keyOf = (selector: string) => `${selector} example.com:${selector}:${folder}/${selector}.pem\n`;
  await writeFile(join(folder, "keys"), keyOf("rsa") + keyOf("old"));
  return records;
}

/** RFC 6376 section 3.6.1; RFC 8463 section 4 publishes the bare 32 bytes. */
function recordOf(key: KeyObject): string {
  const der = key.export({ format: "der", type: "spki" });
  const isRsa = key.asymmetricKeyType === "rsa";
  return `v=DKIM1; k=${isRsa ? "rsa" : "ed25519"}; p=${(isRsa ? der : der.subarray(-32)).toString("base64")}`;
}

/** What every configuration has: signs for example.com, whoever hands the message over. */
const COMMON = ["Mode s", "Domain example.com", "InternalHosts 0.0.0.0/0", "Syslog no", "RequireSafeKeys no"];
const RSA = ["Selector rsa", "KeyFile {folder}/rsa.pem"];

/** opendkim.conf(5); `{folder}` stands for the folder of keys and tables. */
export const SIGNING_CONFIGURATIONS: Readonly<Record<string, readonly string[]>> = {
  "as-debian-ships-it": [...RSA, "Canonicalization relaxed/simple", "OversignHeaders From"],
  "relaxed-relaxed": [...RSA, "Canonicalization relaxed/relaxed"],
  "simple-simple": [...RSA, "Canonicalization simple/simple"],
  "simple-relaxed": ["Selector old", "KeyFile {folder}/old.pem", "Canonicalization simple/relaxed"],
  ed25519: [
    "Selector ed",
    "KeyFile {folder}/ed.pem",
    "SignatureAlgorithm ed25519-sha256",
    "Canonicalization relaxed/relaxed",
  ],
  // QUIRK(opendkim): a field that is there, but not among SignHeaders (Message-ID), must not be over-signed: the signature
  // then says that there is none, and OpenDKIM itself refuses it.
  "over-signed": [...RSA, "Canonicalization relaxed/relaxed", "OversignHeaders From,To,Cc,Reply-To,Subject,Date"],
  "repeated-fields": [
    ...RSA,
    "Canonicalization relaxed/simple",
    // Instead of the default, which omits Keywords and Received.
    "OmitHeaders Date",
    "SignHeaders From,Subject,Keywords,Received",
  ],
  "body-length": [...RSA, "Canonicalization relaxed/relaxed", "BodyLengthDB refile:{folder}/everybody"],
  expiring: [...RSA, "Canonicalization relaxed/relaxed", "SignatureTTL 3600"],
  "copied-fields": [...RSA, "Canonicalization simple/simple", "Diagnostics yes"],
  "two-keys": [
    "KeyTable {folder}/keys",
    "SigningTable refile:{folder}/signers",
    "MultipleSignatures yes",
    "Canonicalization relaxed/relaxed",
  ],
  "rsa-sha1": [...RSA, "SignatureAlgorithm rsa-sha1"],
};

/**
 * Signs a message as OpenDKIM would in a milter.
 *
 * @param folder  Holds what `makeSigningKeys` made.
 * @param message Header, blank line and body with CRLF; one character is one byte.
 * @param lines   One of SIGNING_CONFIGURATIONS.
 * @returns       The message with its new DKIM-Signature fields on top.
 */
export async function signWithOpendkim(folder: string, message: string, lines: readonly string[]): Promise<string> {
  const config = join(folder, "opendkim.conf");
  await writeFile(config, [...COMMON, ...lines].map((line) => `${line.replaceAll("{folder}", folder)}\n`).join(""));
  const file = join(folder, "message.eml");
  await writeFile(file, message, "latin1");
  const { stdout, stderr } = await run(OPENDKIM, ["-x", config, "-t", file, "-vv"]);
  const values = [...stdout.matchAll(/### INSHEADER: idx=0 hname='DKIM-Signature' hvalue='([^']+)'/g)];
  if (values.length === 0) throw new Error(`OpenDKIM did not sign:\n${stdout}${stderr}`);
  const fields = values.map(([, value = ""]) => `DKIM-Signature: ${value.replaceAll("\n", "\r\n")}\r\n`);
  return fields.reverse().join("") + message;
}
