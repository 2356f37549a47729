/** Certificates of a test's own, made by OpenSSL, which Postfix and Dovecot bring along. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const NEW_KEY = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];

/** PEM files. */
export interface MailCertificate {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority, and a certificate for this host name that it signed. @param folder An empty one, or one that holds neither. */
export async function makeCertificate(folder: string, hostname: string): Promise<MailCertificate> {
  const [ca, caKey] = [join(folder, `${hostname}-ca.crt`), join(folder, `${hostname}-ca.key`)];
  const [crt, key] = [join(folder, `${hostname}.crt`), join(folder, `${hostname}.key`)];
  await run("openssl", ["req", ...NEW_KEY, "-subj", "/CN=An authority of our own", "-keyout", caKey, "-out", ca]);
  const names = ["-subj", `/CN=${hostname}`, "-addext", `subjectAltName=DNS:${hostname}`];
  const leaf = ["-addext", "basicConstraints=critical,CA:FALSE", "-CA", ca, "-CAkey", caKey];
  await run("openssl", ["req", ...NEW_KEY, ...names, ...leaf, "-keyout", key, "-out", crt]);
  return { caFile: ca, certFile: crt, keyFile: key };
}
