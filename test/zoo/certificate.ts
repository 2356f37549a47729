import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** As `node:tls` takes them: PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate that signs itself, for a host that is not the one that shows it. Needs the `openssl` command. */
export async function makeCertificate(): Promise<Certificate> {
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=mx.elsewhere.example"];
  const { stdout } = await promisify(execFile)("openssl", [...request, "-keyout", "-", "-out", "-"]);
  const certAt = stdout.indexOf("-----BEGIN CERTIFICATE");
  return { key: stdout.slice(0, certAt), cert: stdout.slice(certAt) };
}
