/** The SMTP and LMTP outlets that a person wrote -> those that code uses. */
import { isIPv6 } from "node:net";
import type { ConfigPath } from "../config-document.ts";
import type { Config } from "../config-file.ts";
import type { CertificateConfig, LmtpConfig, MailHost, MailServerConfig, SmtpConfig } from "../resolved-outlets.ts";
import type { ReportProblem, SecretFiles } from "./secret-files.ts";

type Kinds = NonNullable<NonNullable<Config["delivery"]>["outlet"]>;
type Lmtp = NonNullable<Kinds["lmtp"]>;
type Smtp = NonNullable<Kinds["smtp"]>;

interface Parts {
  readonly secrets: SecretFiles;
  readonly report: ReportProblem;
}

/** RFC 8314 section 3.3: TLS from the start. */
const SUBMISSIONS_PORT = 465;
const SMTP_PORT = 25;
/** What Dovecot and Cyrus listen on; RFC 2033 section 5 forbids 25. */
const LMTP_PORT = 24;

export function resolveSmtp(smtp: Smtp, path: ConfigPath, parts: Parts): SmtpConfig {
  const hosts = resolveHosts(smtp, SMTP_PORT, path, parts);
  if (hosts === undefined) parts.report(path, "needs host or hosts");
  return { id: "smtp", kind: "smtp", ...resolveServer(smtp, hosts ?? [], path, parts) };
}

export function resolveLmtp(lmtp: Lmtp, path: ConfigPath, parts: Parts): LmtpConfig {
  const hosts = resolveHosts(lmtp, LMTP_PORT, path, parts);
  const socket: MailHost | undefined =
    lmtp.socket === undefined ? undefined : { kind: "socket", path: parts.secrets.resolve(lmtp.socket) };
  if (hosts === undefined && socket === undefined) parts.report(path, "needs socket, host or hosts");
  if (hosts !== undefined && socket !== undefined) {
    parts.report([...path, "socket"], "is given, and host or hosts as well: keep one of them");
  }
  return {
    id: "lmtp",
    kind: "lmtp",
    ...resolveServer(lmtp, socket === undefined ? (hosts ?? []) : [socket], path, parts),
  };
}

/** @returns undefined when there are none. */
function resolveHosts(
  server: Smtp,
  defaultPort: number,
  path: ConfigPath,
  { report }: Parts,
): readonly MailHost[] | undefined {
  const { host, hosts } = server;
  if (host !== undefined && hosts !== undefined) {
    report([...path, "hosts"], "is given, and host as well: keep one of them");
  }
  if (host !== undefined) return [withTls(server, host, server.port ?? defaultPort)];
  if (hosts === undefined || hosts.length === 0) return undefined;
  return hosts.map((text, index) => {
    const { name, port } = splitPort(text) ?? { name: "", port: undefined };
    if (name === "") {
      report([...path, "hosts", index], `must be a host such as mx1.example.com or mx1.example.com:25, not "${text}"`);
    }
    return withTls(server, name, port ?? server.port ?? defaultPort);
  });
}

function withTls({ tls, auth }: Smtp, host: string, port: number): MailHost {
  // A password is not sent where somebody in between can take STARTTLS out of the answer (RFC 3207 section 6).
  const fallback = auth === undefined ? "opportunistic" : "required";
  return { kind: "tcp", host, port, tls: tls ?? (port === SUBMISSIONS_PORT ? "implicit" : fallback) };
}

/** `name`, `name:25`, `192.0.2.1:25`, `2001:db8::1` or `[2001:db8::1]:25`. */
function splitPort(text: string): { readonly name: string; readonly port: number | undefined } | undefined {
  if (isIPv6(text)) return { name: text, port: undefined };
  const [, bracketed, plain, digits] = /^(?:\[([0-9A-Fa-f:.]+)\]|([^\s:[\]/@]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const name = bracketed === undefined ? plain : bracketed;
  const port = digits === undefined ? undefined : Number(digits);
  if (name === undefined || (bracketed !== undefined && !isIPv6(bracketed))) return undefined;
  return port === 0 || (port ?? 0) > 65_535 ? undefined : { name, port };
}

function resolveServer(
  server: Smtp,
  hosts: readonly MailHost[],
  path: ConfigPath,
  parts: Parts,
): Omit<MailServerConfig, "id"> {
  if (server.auth !== undefined && server.tls === "opportunistic") {
    parts.report([...path, "tls"], "must be required or implicit where there is auth: else the password can be had");
  }
  return {
    hosts,
    auth: resolveAuth(server.auth, [...path, "auth"], parts),
    certificate: resolveCertificate(server.certificate, [...path, "certificate"], parts),
    clientName: server.clientName,
    pool: server.pool ?? 2,
    idleTimeoutMs: (server.idleTimeoutSeconds ?? 60) * 1_000,
    totalTimeoutMs: (server.totalTimeoutSeconds ?? 300) * 1_000,
  };
}

function resolveAuth(auth: Smtp["auth"], path: ConfigPath, { secrets, report }: Parts): MailServerConfig["auth"] {
  if (auth === undefined) return undefined;
  const password = secrets.choose(path, "password", auth.password, auth.passwordFile);
  if (password === undefined && auth.passwordFile === undefined) report(path, "needs password or passwordFile");
  return { user: auth.user, password: password ?? "", method: auth.method };
}

export function resolveCertificate(
  certificate: Smtp["certificate"],
  path: ConfigPath,
  { secrets, report }: Parts,
): CertificateConfig | undefined {
  if (certificate === undefined) return undefined;
  const { caFile, serverName, verify } = certificate;
  const ca = secrets.read([...path, "caFile"], caFile);
  if (ca !== undefined && !ca.includes("-----BEGIN CERTIFICATE-----")) {
    report([...path, "caFile"], "names a file without a certificate in PEM");
  }
  if (verify === false && (caFile !== undefined || serverName !== undefined)) {
    report([...path, "verify"], "is false, so that caFile and serverName have no meaning: keep one of them");
  }
  return { ca, serverName, verify };
}
