/** The outlets that code uses: every default filled in, secrets read, paths absolute. */

export type OutletConfig = MaildirConfig | SmtpConfig | LmtpConfig | MboxConfig | WebhookConfig | CommandConfig;

export interface MaildirConfig {
  /** Kebab-case. */
  readonly id: string;
  readonly kind: "maildir";
  /** Absolute. */
  readonly path: string;
}

export interface MboxConfig {
  readonly id: string;
  readonly kind: "mbox";
  /** Absolute. */
  readonly path: string;
  readonly lockTimeoutMs: number;
}

/** `none`: never TLS; `opportunistic`: STARTTLS when offered; `required`: STARTTLS or nothing; `implicit`: from the start. */
export type TlsMode = "none" | "opportunistic" | "required" | "implicit";

export type MailHost =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number; readonly tls: TlsMode }
  /** Absolute path. */
  | { readonly kind: "socket"; readonly path: string };

export interface CertificateConfig {
  /** PEM text; undefined: what Node trusts. */
  readonly ca: string | undefined;
  /** undefined: the host. */
  readonly serverName: string | undefined;
  /** undefined: yes, except where TLS is opportunistic. */
  readonly verify: boolean | undefined;
}

export interface MailServerConfig {
  readonly id: string;
  /** At least one, in the order in which they are tried. */
  readonly hosts: readonly MailHost[];
  readonly auth:
    | {
        readonly user: string;
        readonly password: string;
        /** undefined: the first that the server offers. */
        readonly method?: "plain" | "login" | "cram-md5" | undefined;
      }
    | undefined;
  readonly certificate?: CertificateConfig | undefined;
  /** Of EHLO or LHLO; undefined: the name of this host. */
  readonly clientName?: string | undefined;
  /** Connections kept open to each host. */
  readonly pool: number;
  /** Silence of the server after which a connection is given up; default one minute. */
  readonly idleTimeoutMs?: number;
  /** One whole transaction, against servers that trickle; default five minutes. */
  readonly totalTimeoutMs?: number;
}

export interface SmtpConfig extends MailServerConfig {
  readonly kind: "smtp";
}

export interface LmtpConfig extends MailServerConfig {
  readonly kind: "lmtp";
}

export interface WebhookConfig {
  readonly id: string;
  readonly kind: "webhook";
  /** http: or https:. */
  readonly url: string;
  readonly template: WebhookTemplate;
  /** Keys of 24 to 64 bytes; none: not signed. */
  readonly secrets: readonly Buffer[];
  /** Value of the Authorization field. */
  readonly authorization: string | undefined;
  readonly attachMail: boolean;
  readonly maxBodyBytes: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  readonly certificate: CertificateConfig | undefined;
}

/** `customer`: address of the ticket's. */
export type WebhookTemplate =
  | { readonly kind: "generic" | "slack" | "teams" }
  | { readonly kind: "zammad"; readonly group: string; readonly customer: string };

export interface CommandConfig {
  readonly id: string;
  readonly kind: "command";
  /** The program (absolute) and its arguments. */
  readonly argv: readonly [string, ...string[]];
  /** Absolute. */
  readonly folder: string;
  readonly timeoutMs: number;
  readonly concurrency: number;
}
