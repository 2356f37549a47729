/** Mail that comes back: what we sent, and what a spammer sent under our name. */
import { anyDomain, anyIp, type Host, OUR_DOMAIN, OUR_RELAYS, OUR_USERS } from "./host.ts";
import { encodedWord, type Field, headerBlock, mailDate } from "./mail-text.ts";
import type { Random } from "./seeded-random.ts";

export interface ReturnedMail {
  /** Reverse-path, where reports go. */
  readonly sender: string;
  readonly recipient: string;
  readonly subject: string;
  /** With angle brackets. */
  readonly messageId: string;
  readonly sentAtMs: number;
  /** Queue id at our relay; undefined when it never passed one. */
  readonly queueId: string | undefined;
  /** Without Received fields of the host that returns it. */
  readonly header: string;
  readonly body: string;
}

export function ownQueueId(random: Random): string {
  return `4f${random.word(9).toUpperCase()}z${random.word(3)}`;
}

const OWN_SUBJECTS = [
  "Minutes of the meeting on Friday",
  "Your order",
  "Invoice for November",
  "Rechnung und Lieferschein",
  "Invitation to the autumn concert",
  "Re: parking at the new building",
  "Votre demande du 3 novembre",
  "Fwd: keys for the archive",
  "Weekly report of the laboratory",
];

export interface OwnMailOptions {
  readonly recipient: string;
  readonly atMs: number;
  readonly relay?: Host;
}

/** Mail of ours, from a desk or a program, through a relay of ours. */
export function ownMail({ recipient, atMs, relay }: OwnMailOptions, random: Random): ReturnedMail {
  const through = relay ?? random.pick(OUR_RELAYS);
  const user = random.pick(OUR_USERS);
  const sender = `${user}@${OUR_DOMAIN}`;
  const queueId = ownQueueId(random);
  // Some programs write the computer's name where the server would write the domain.
  const idDomain = random.chance(0.12) ? `${user}-pc.local` : OUR_DOMAIN;
  const messageId = `<${random.word(8)}.${random.word(12)}@${idDomain}>`;
  const subject = `${random.pick(OWN_SUBJECTS)}${random.chance(0.4) ? ` ${100 + random.below(900)}` : ""}`;
  const desk: Field = [
    "Received",
    `from desk${random.below(40)}.example.com (unknown [10.1.${random.below(8)}.${random.below(250)}])\n` +
      `\tby ${through.name} (Postfix) with ESMTPSA id ${queueId}\n\tfor <${recipient}>; ${mailDate(atMs)}`,
  ];
  const header = headerBlock([
    desk,
    ["Date", mailDate(atMs - 1_000)],
    ["From", `${user.charAt(0).toUpperCase()}${user.slice(1)} Example <${sender}>`],
    ["To", recipient],
    ["Subject", encodedWord(subject)],
    ["Message-ID", messageId],
    ["MIME-Version", "1.0"],
    ["Content-Type", "text/plain; charset=utf-8"],
  ]);
  const body = `Hello,\n\nplease find below what we talked about. Number ${random.below(9_000)}.\n\nBest regards\n${user}\n`;
  return { sender, recipient, subject, messageId, sentAtMs: atMs, queueId, header, body };
}

/** One mailing of a spammer: subject and text vary a little from copy to copy, as such programs have it. */
export interface SpamCampaign {
  /** The address that most copies bear. */
  readonly sender: string;
  readonly openings: readonly string[];
  readonly offers: readonly string[];
}

const CAMPAIGNS: readonly Omit<SpamCampaign, "sender">[] = [
  {
    openings: ["Your pills are ready", "Order your pills now", "Cheap meds inside", "Your pharmacy code"],
    offers: ["Best prices for all tablets, shipped overnight without questions.", "Save on every refill today only."],
  },
  {
    openings: ["You have won", "Final notice of your prize", "Claim your lottery prize", "Winner selected"],
    offers: ["Send your name and bank to the agent to receive the fund.", "The board has approved your payment file."],
  },
  {
    openings: ["Replica watches", "Luxury at a small price", "New watches arrived", "Time for a watch"],
    offers: ["Swiss quality copies, all models in stock this week.", "Nobody will see the difference, order here."],
  },
];

export function anyCampaign(random: Random): SpamCampaign {
  return { ...random.pick(CAMPAIGNS), sender: `${random.pick(["news", "ann", "service", "bob"])}@${OUR_DOMAIN}` };
}

/** A copy under our name from somebody's infected machine: it never saw a host of ours. */
export function forgedMail(campaign: SpamCampaign, recipient: string, atMs: number, random: Random): ReturnedMail {
  const sender = random.chance(0.7) ? campaign.sender : `${random.word(3 + random.below(6))}@${OUR_DOMAIN}`;
  const idDomain = random.chance(0.3) ? OUR_DOMAIN : random.pick([anyDomain(random), `${random.word(7)}-pc`]);
  const messageId = `<${random.word(10)}$${random.word(8)}@${idDomain}>`;
  const subject = `${random.pick(campaign.openings)}${random.chance(0.5) ? ` [${random.word(5)}]` : ""}`;
  const fields: Field[] = [];
  // Some spammers write a line below the first true one that names the domain they forge.
  if (random.chance(0.12)) {
    fields.push([
      "Received",
      `from ${random.word(6)} (${random.word(6)}.example.com [192.0.2.77])\n\tby mail.example.com (Postfix) ` +
        `with SMTP id ${ownQueueId(random)}; ${mailDate(atMs - 60_000)}`,
    ]);
  }
  fields.push(
    ["Date", mailDate(atMs - random.below(600_000))],
    ["From", `${random.pick(["Support", "Service", "Anna", "News"])} <${sender}>`],
    ["To", recipient],
    ["Subject", subject],
    ["Message-ID", messageId],
    ["MIME-Version", "1.0"],
    ["Content-Type", "text/plain; charset=us-ascii"],
  );
  const body = `${random.pick(campaign.offers)}\n\nhttp://${anyDomain(random)}/${random.word(6)}\n${random.word(12)}\n`;
  return {
    sender,
    recipient,
    subject,
    messageId,
    sentAtMs: atMs,
    queueId: undefined,
    header: headerBlock(fields),
    body,
  };
}

/** The line that the host which took a message puts on top of it, with whom it took it from. */
export function receivedLine(by: Host, from: Host, mail: ReturnedMail, random: Random): string {
  const helo = random.chance(0.8) ? from.name : `[${from.ip}]`;
  return headerBlock([
    [
      "Received",
      `from ${helo} (${from.name} [${from.ip}])\n\tby ${by.name} (Postfix) with ESMTP id ${random.word(10).toUpperCase()}\n` +
        `\tfor <${mail.recipient}>; ${mailDate(mail.sentAtMs + 1_000)}`,
    ],
  ]);
}

/** An infected machine at some provider: half of them have no name. */
export function anyBot(random: Random): Host {
  const ip = anyIp(random);
  return { ip, name: random.chance(0.5) ? "unknown" : `dyn-${ip.replaceAll(".", "-")}.${anyDomain(random)}` };
}
