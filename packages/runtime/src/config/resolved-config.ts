/** What code uses: every default filled in, secrets read, names lower-cased, paths absolute. */
import type { SiteProfile } from "@triage/provenance";
import type { PolicyRow, Urgency } from "@triage/routing";
import type { LearningLimits, Override, Thresholds, VerdictId } from "@triage/scoring";
import type { LogLevel } from "../log.ts";
import type { ApiKey } from "./api-keys.ts";
import type { OutletConfig } from "./resolved-outlets.ts";

export interface ResolvedConfig {
  /** Absolute path of the file; undefined: there was none, everything is default and environment. */
  readonly path: string | undefined;
  /** Absolute. */
  readonly dataDir: string;
  readonly site: SiteProfile;
  readonly dns: DnsConfig;
  /** Header From of what we deliver; the reverse-path is always null. */
  readonly from: string;
  /** At least one; at least one has no conditions. */
  readonly humans: readonly HumanConfig[];
  /** At least one, with different ids. */
  readonly outlets: readonly OutletConfig[];
  /** undefined: the built-in table of @triage/routing. */
  readonly policy: readonly PolicyRow[] | undefined;
  /** Rows that are asked before the table. */
  readonly policyAbove: readonly PolicyRow[];
  readonly thresholds: Partial<Thresholds>;
  /** In the order in which they are tried; patterns compiled. */
  readonly overrides: readonly Override[];
  /** undefined: not enabled. */
  readonly storms: StormConfig | undefined;
  /** undefined: failures are not grouped. */
  readonly incidents: IncidentConfig | undefined;
  /** undefined: not enabled. */
  readonly learning: LearningConfig | undefined;
  readonly retention: RetentionConfig;
  readonly privacy: PrivacyConfig;
  readonly http: HttpConfig;
  readonly database: DatabaseConfig;
  readonly redis: RedisConfig | undefined;
  readonly queue: QueueConfig;
  readonly classifier: { readonly concurrency: number };
  readonly delivery: DeliveryConfig;
  /** undefined: not enabled. */
  readonly digest: DigestConfig | undefined;
  readonly ownMail: OwnMailConfig;
  readonly alerts: AlertConfig;
  readonly log: { readonly level: LogLevel };
}

export interface DnsConfig {
  /** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53` or `[2001:db8::53]:5353`; none: the system's name servers. */
  readonly servers: readonly string[];
  /** For the first try of one question. */
  readonly timeoutMs: number;
  readonly tries: number;
}

/** `headers-only`: the bodies of returned messages are left out; `redirect`: the original itself, with Resent- fields. */
export type MailForm = "headers-only" | "summary" | "redirect";

/** Our own mail, known again by its Message-ID. */
export interface OwnMailConfig {
  /** The newest first; the one that the database keeps comes behind them, and is the only one where there are none. */
  readonly secrets: readonly string[];
}

export interface AlertConfig {
  /** Ids of humans; none: all whom the trouble is not about. */
  readonly to: readonly string[];
}

export interface HumanConfig {
  /** Kebab-case. */
  readonly id: string;
  /** Addresses; at least one, but where the outlet needs none: there may be none where it is no mail server. */
  readonly to: readonly string[];
  /** Id of an outlet. */
  readonly outlet: string;
  readonly form: MailForm;
  /** Largest mail; undefined: no limit of ours. */
  readonly maxBytes: number | undefined;
  /** Mails in any hour, of each lane; undefined: no limit. */
  readonly maxPerHour: number | undefined;
  /** Who of `to` is on duty; undefined: all of them, always. */
  readonly rota: RotaConfig | undefined;
  /** undefined: nobody comes after this human. */
  readonly escalation: EscalationConfig | undefined;
  /** undefined: gets what no other human gets. */
  readonly for: HumanConditions | undefined;
}

/** What a human gets; all that is said must hold. */
export interface HumanConditions {
  /** Domain of ours that the message was sent to; `*.example.org` is any subdomain. */
  readonly forwardPathDomain?: readonly string[];
  readonly verdict?: readonly VerdictId[];
  /** DSN reasons; holds when any recipient has one of them. */
  readonly reason?: readonly string[];
  /** Report kinds. */
  readonly kind?: readonly string[];
  readonly urgency?: readonly Urgency[];
  /** Domain of the organisation that refuses or delays our mail; holds when any recipient is there. */
  readonly remoteOrganisation?: readonly string[];
}

/** Turns of equal length, by the clock on the wall. Wall times: milliseconds from 1970-01-01 00:00 on that wall. */
export interface RotaConfig {
  /** IANA name that Intl knows. */
  readonly timeZone: string;
  /** When the first turn begins. */
  readonly startMs: number;
  /** Whole hours. */
  readonly everyMs: number;
  /** At least one, each with at least one address; after the last comes the first. */
  readonly turns: readonly (readonly string[])[];
  /** Instead of whose turn it is; they do not overlap. */
  readonly overrides: readonly { readonly fromMs: number; readonly untilMs: number; readonly to: readonly string[] }[];
}

export interface EscalationConfig {
  readonly afterMs: number;
  /** What keeps it from the next human. */
  readonly unless: "delivered" | "acknowledged";
  /** Id of the next human; following it from human to human never comes back. */
  readonly to: string;
}

export interface StormConfig {
  readonly hours: number;
  readonly minMessages: number;
  readonly minReportingMtas: number;
  /** From 0.5 to 1. */
  readonly unprovenShare: number;
  readonly quietHours: number;
  /** Undecided reports that belong to it beyond doubt are told of by its notices. */
  readonly groupDoubtful: boolean;
}

/** What grouping goes by; times in hours and days. */
export interface IncidentConfig {
  readonly quietHours: number;
  readonly maxDays: number;
  readonly addressesShown: number;
}

export interface LearningConfig {
  readonly everyHours: number;
  readonly refreshSeconds: number;
  readonly keepVersions: number;
  readonly limits: LearningLimits;
}

/** Days; `facts` is at least as long as each of the others. */
export interface RetentionConfig {
  readonly human: number;
  readonly digest: number;
  readonly archive: number;
  readonly facts: number;
}

/** How an address is written: as it is, without its local part, or with a keyed hash in the place of it. */
export type AddressForm = "full" | "domain" | "hash";

export interface PrivacyConfig {
  readonly addresses: { readonly log: AddressForm; readonly api: AddressForm; readonly archive: AddressForm };
  /** There when one of the forms is `hash`. */
  readonly secret: string | undefined;
  readonly returnedBodies: "keep" | "drop";
}

export interface HttpConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly maxMessageBytes: number;
  /** From the file and TRIAGE_API_KEY; those of `keysFile` come on top. */
  readonly keys: readonly ApiKey[];
  /** Absolute; read it with readApiKeys, again whenever it changes. */
  readonly keysFile: string | undefined;
  readonly links: LinkConfig;
}

export interface DigestConfig {
  /** Five fields of cron, which hold at some time. */
  readonly schedule: string;
  /** Of the IANA data base. */
  readonly timeZone: string;
  /** Ids of humans; none: those without conditions. */
  readonly to: readonly string[];
  readonly always: boolean;
  readonly maxEntries: number;
}

/** The signed links in mails. */
export interface LinkConfig {
  /** Without a slash at its end; undefined: mails carry no links. */
  readonly publicUrl: string | undefined;
  readonly days: number;
  /** The newest first; none: the secret that the database keeps. */
  readonly secrets: readonly string[];
}

export interface DatabaseConfig {
  /** undefined: the standalone service runs its own server; other roles cannot start. */
  readonly url: string | undefined;
  readonly poolSize: number;
}

export interface RedisConfig {
  readonly url: string;
  /** PEM text. */
  readonly ca: string | undefined;
}

export interface QueueConfig {
  readonly prefix: string;
  readonly attempts: { readonly classify: number; readonly deliver: number };
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly lockDurationMs: number;
  readonly sweepAfterSeconds: number;
  readonly maxWaiting: number;
}

export interface DeliveryConfig {
  readonly concurrency: number;
  readonly hopLimit: number;
}
