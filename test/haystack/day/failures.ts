/** Why delivery fails, in the words of the servers that refuse: what nobody here can mend, and the six problems that are ours. */
import type { Failure } from "./bounce.ts";
import { anyDomain, anyIp, type Host, mailHost, OUR_RELAYS } from "./host.ts";
import type { Random } from "./seeded-random.ts";

type Words = Pick<Failure, "replyCode" | "status" | "words">;

const USER_UNKNOWN: readonly Words[] = [
  { replyCode: "550", status: "5.1.1", words: "Recipient address rejected: User unknown in local recipient table" },
  { replyCode: "550", status: "5.1.1", words: "The email account that you tried to reach does not exist." },
  { replyCode: "550", status: "5.1.1", words: "No such user here" },
  { replyCode: "553", status: "5.1.1", words: "sorry, no mailbox here by that name" },
  {
    replyCode: "550",
    status: "5.1.10",
    words: "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
  },
  { replyCode: "550", status: "5.2.1", words: "This mailbox is disabled" },
];

const MAILBOX_FULL: readonly Words[] = [
  { replyCode: "552", status: "5.2.2", words: "The email account that you tried to reach is over quota." },
  { replyCode: "552", status: "5.2.2", words: "Mailbox full" },
  { replyCode: "452", status: "4.2.2", words: "mailbox is full: quota exceeded" },
];

const DELAYS: readonly Words[] = [
  { replyCode: "451", status: "4.4.1", words: "connect to host: Connection timed out" },
  { replyCode: "450", status: "4.2.0", words: "Recipient address rejected: Greylisted" },
  { replyCode: "452", status: "4.2.2", words: "Mailbox full, try again later" },
];

/** What the receivers of a spammer's list say: most of its addresses never existed. */
const SPAM_REFUSED: readonly Words[] = [
  ...USER_UNKNOWN,
  ...MAILBOX_FULL,
  { replyCode: "550", status: "5.7.1", words: "Message rejected as spam by content filter" },
  { replyCode: "554", status: "5.7.1", words: "Blocked by the reputation of the sending address" },
  { replyCode: "550", status: "5.7.1", words: "SPF check failed: address is not allowed to send for this domain" },
];

function failed(words: Words, remote: Host | undefined): Failure {
  return { ...words, action: "failed", remote };
}

export function nuisanceFailure(remote: Host, random: Random): Failure {
  const chance = random.next();
  if (chance < 0.15) return { ...random.pick(DELAYS), action: "delayed", remote };
  return failed(random.pick(chance < 0.75 ? USER_UNKNOWN : MAILBOX_FULL), remote);
}

export function spamFailure(remote: Host | undefined, random: Random): Failure {
  return failed(random.pick(SPAM_REFUSED), remote);
}

/** One real problem of ours: what each of its refusals says. */
export interface Problem {
  readonly id: string;
  failure(random: Random): Failure;
}

const relayIp = OUR_RELAYS[0]?.ip ?? "";

/** A server of one provider, or of any of many. */
function oneOf(domain: string, random: Random): Host {
  return { name: `mx${1 + random.below(4)}.${domain}`, ip: anyIp(random) };
}

export const PROBLEMS: readonly Problem[] = [
  {
    id: "blocked at one provider",
    failure: (random) =>
      failed(
        {
          replyCode: "550",
          status: "5.7.1",
          words: `Unfortunately, messages from [${relayIp}] weren't sent. Part of their network is on our block list (S3150).`,
        },
        oneOf("bigmail.example", random),
      ),
  },
  {
    id: "expired TLS certificate",
    failure: (random) => ({
      ...random.pick<Words>([
        { replyCode: "454", status: "4.7.0", words: "TLS handshake failed: certificate has expired" },
        { replyCode: "530", status: "5.7.0", words: "Must issue a STARTTLS command first; client certificate expired" },
        {
          replyCode: "550",
          status: "5.7.5",
          words: "TLS is required, and the STARTTLS handshake failed: certificate has expired",
        },
      ]),
      action: random.chance(0.3) ? "delayed" : "failed",
      remote: oneOf("bank.example", random),
    }),
  },
  {
    id: "full disk on a relay",
    failure: (random) => ({
      replyCode: "452",
      status: "4.3.1",
      words: random.pick(["Insufficient system storage", "Insufficient system storage: No space left on device"]),
      action: random.chance(0.4) ? "delayed" : "failed",
      remote: OUR_RELAYS[1],
    }),
  },
  {
    id: "SPF and DMARC",
    failure: (random) =>
      failed(
        random.pick<Words>([
          {
            replyCode: "550",
            status: "5.7.26",
            words: "Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
          },
          {
            replyCode: "550",
            status: "5.7.23",
            words: "The message was rejected because of Sender Policy Framework violation",
          },
          { replyCode: "550", status: "5.7.1", words: "Email rejected per DMARC policy for example.com" },
        ]),
        mailHost(anyDomain(random), random),
      ),
  },
  {
    id: "relaying denied",
    failure: (random) =>
      failed(
        random.pick<Words>([
          { replyCode: "554", status: "5.7.1", words: "Relay access denied" },
          { replyCode: "550", status: "5.7.1", words: "Relaying denied" },
        ]),
        oneOf("old-host.example", random),
      ),
  },
  {
    id: "rate limits and reputation",
    failure: (random) => ({
      ...random.pick<Words>([
        { replyCode: "421", status: "4.7.0", words: "[TSS04] Messages temporarily deferred due to user complaints" },
        { replyCode: "450", status: "4.7.1", words: "Too many messages from your address, you are being rate limited" },
        {
          replyCode: "550",
          status: "5.7.1",
          words: "Message blocked due to the very low reputation of the sending domain",
        },
      ]),
      action: random.chance(0.3) ? "delayed" : "failed",
      remote: oneOf("webmail.example", random),
    }),
  },
];
