/**
 * The haystack: 20,000 messages to the postmaster of example.com on one day, with what each of them really is.
 *
 * A spammer uses our name (95 % of the mail), our own mail bounces for reasons that nobody here can mend, six things are
 * really broken, and people write. All of it is made here, from a seed; nothing is tuned to what the service knows.
 */

import { writeAnswer } from "./day/automatic-answers.ts";
import type { BounceDialect, BounceFacts, Failure } from "./day/bounce.ts";
import { nuisanceFailure, PROBLEMS, spamFailure } from "./day/failures.ts";
import { anyAddress, anyDomain, type Host, mailHost, OUR_RELAYS } from "./day/host.ts";
import { type Enclosure, writeFeedbackReport, writeLetter } from "./day/letters.ts";
import { PLAIN_DIALECTS } from "./day/plain-dialects.ts";
import { REPORT_DIALECTS } from "./day/report-dialects.ts";
import { anyBot, anyCampaign, forgedMail, ownMail, type ReturnedMail, receivedLine } from "./day/returned-mail.ts";
import { type Random, seededRandom } from "./day/seeded-random.ts";

export const TRUE_CLASSES = ["joe job", "nuisance", "problem", "letter", "feedback report"] as const;
export type TrueClass = (typeof TRUE_CLASSES)[number];

export interface HayMessage {
  readonly arrivesAtMs: number;
  readonly raw: Buffer;
  /** undefined: the null reverse-path. */
  readonly reversePath: string | undefined;
  readonly forwardPath: string;
  readonly truth: TrueClass;
  /** Which problem; only of the class `problem`. */
  readonly problem: string | undefined;
  /** Which MTA wrote it, or what else it is: for the one who looks into a failure. */
  readonly made: string;
}

/** A line of our MTA's log. */
export interface SentMail {
  readonly messageId: string;
  readonly queueId: string;
  readonly recipients: readonly string[];
  readonly at: Date;
}

export interface Day {
  /** In the order of arrival. */
  readonly messages: readonly HayMessage[];
  /** What we sent, in the order of time: what comes back, and more that does not. */
  readonly sent: readonly SentMail[];
}

export interface DaySize {
  readonly joeJob: number;
  readonly nuisances: number;
  readonly problems: number;
  readonly letters: number;
  readonly feedbackReports: number;
}

export const WHOLE_DAY: DaySize = { joeJob: 19_000, nuisances: 700, problems: 150, letters: 100, feedbackReports: 50 };

const HOUR_MS = 3_600_000;
const MIDNIGHT_MS = Date.UTC(2026, 10, 22);
const DIALECTS: readonly BounceDialect[] = [...REPORT_DIALECTS, ...PLAIN_DIALECTS];
/** Mail that nobody returns; it begins days before, as a ledger does. */
const ROUTINE_MAILS = 2_000;
const ROUTINE_DAYS = 4;

export function composeDay(seed: number, size: DaySize = WHOLE_DAY): Day {
  const day = new DayComposer(seededRandom(seed));
  day.addJoeJob(size.joeJob);
  day.addNuisances(size.nuisances);
  day.addProblems(size.problems);
  day.addLetters(size.letters);
  day.addFeedbackReports(size.feedbackReports);
  day.addRoutineMail(ROUTINE_MAILS);
  return day.finish();
}

class DayComposer {
  readonly #random: Random;
  readonly #messages: HayMessage[] = [];
  readonly #sent: SentMail[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** It begins at some hour, is fiercest soon after, and thins out. */
  addJoeJob(count: number): void {
    const random = this.#random;
    const campaign = anyCampaign(random);
    const begins = MIDNIGHT_MS + (1 + random.below(7)) * HOUR_MS;
    const lasts = MIDNIGHT_MS + 24 * HOUR_MS - begins;
    for (let number = 0; number < count; number += 1) {
      const atMs = begins + Math.min(-Math.log(1 - random.next()) * 0.3, 1) * lasts * 0.99;
      const domain = anyDomain(random);
      const reporter = mailHost(domain, random);
      const mail = forgedMail(campaign, anyAddress(domain, random), atMs - 60_000, random);
      const facts = this.#foreignReport(reporter, mail, anyBot(random), spamFailure(undefined, random), atMs);
      if (random.chance(0.08)) this.#add(facts, "joe job", writeAnswer(facts), "automatic answer");
      else this.#addBounce(facts, "joe job", random.pick(DIALECTS));
    }
  }

  addNuisances(count: number): void {
    for (let number = 0; number < count; number += 1) {
      const domain = anyDomain(this.#random);
      const remote = mailHost(domain, this.#random);
      const failure = nuisanceFailure(remote, this.#random);
      this.#addGenuine(failure, anyAddress(domain, this.#random), this.#officeHours(), "nuisance");
    }
  }

  /** Each problem begins at its own hour and lasts some hours. */
  addProblems(count: number): void {
    for (const [index, problem] of PROBLEMS.entries()) {
      const begins = MIDNIGHT_MS + (2 + this.#random.below(16)) * HOUR_MS;
      const share = Math.ceil((count - index) / PROBLEMS.length);
      for (let number = 0; number < share; number += 1) {
        const atMs = begins + this.#random.next() * 5 * HOUR_MS;
        const failure = problem.failure(this.#random);
        const domain = failure.remote?.name.split(".").slice(1).join(".") ?? anyDomain(this.#random);
        const recipient = anyAddress(domain === "example.com" ? anyDomain(this.#random) : domain, this.#random);
        this.#addGenuine(failure, recipient, atMs, "problem", problem.id);
      }
    }
  }

  addLetters(count: number): void {
    const random = this.#random;
    for (let number = 0; number < count; number += 1) {
      const atMs = this.#officeHours();
      const enclosure = random.pick<Enclosure>(["none", "none", "none", "quoted", "attached"]);
      const raw = writeLetter({ atMs, enclosure, bounce: this.#someBounce(atMs) }, random);
      const from = /^From: .*<(.+)>$/m.exec(raw)?.[1];
      this.#messages.push({
        ...{
          arrivesAtMs: atMs,
          raw: Buffer.from(raw, "utf8"),
          reversePath: from,
          forwardPath: "postmaster@example.com",
        },
        ...{ truth: "letter", problem: undefined, made: `letter, bounce ${enclosure}` },
      });
    }
  }

  addFeedbackReports(count: number): void {
    for (let number = 0; number < count; number += 1) {
      const atMs = this.#officeHours();
      const reporter = mailHost(anyDomain(this.#random), this.#random);
      const relay = this.#random.pick(OUR_RELAYS);
      const mail = ownMail(
        { recipient: anyAddress("bigmail.example", this.#random), atMs: atMs - HOUR_MS, relay },
        this.#random,
      );
      this.#log(mail);
      const facts = this.#foreignReport(reporter, mail, relay, nuisanceFailure(reporter, this.#random), atMs);
      const reversePath = `feedbackloop@${reporter.name}`;
      const whole = { ...facts, returns: facts.returns === "none" ? ("headers" as const) : facts.returns };
      this.#add(whole, "feedback report", writeFeedbackReport(whole), "feedback report", undefined, reversePath);
    }
  }

  addRoutineMail(count: number): void {
    for (let number = 0; number < count; number += 1) {
      const atMs = MIDNIGHT_MS + (1 - this.#random.next() * (ROUTINE_DAYS + 1)) * 24 * HOUR_MS;
      this.#log(ownMail({ recipient: anyAddress(anyDomain(this.#random), this.#random), atMs }, this.#random));
    }
  }

  finish(): Day {
    const messages = [...this.#messages].sort((a, b) => a.arrivesAtMs - b.arrivesAtMs);
    const sent = [...this.#sent].sort((a, b) => a.at.getTime() - b.at.getTime());
    return { messages, sent };
  }

  /** Seven tenths are written by our own relay, which the receiver refused; the others by hosts that had taken the mail. */
  #addGenuine(failure: Failure, recipient: string, atMs: number, truth: TrueClass, problem?: string): void {
    const random = this.#random;
    const relay = random.pick(OUR_RELAYS);
    const mail = ownMail(
      { recipient, atMs: atMs - (failure.action === "delayed" ? 4 : 0.02) * HOUR_MS, relay },
      random,
    );
    this.#log(mail);
    if (random.chance(0.7)) {
      const facts = {
        reporter: relay,
        mail,
        path: "",
        failure,
        returns: random.chance(0.8) ? "message" : "headers",
        atMs,
        random,
      } as const;
      const postfix = REPORT_DIALECTS.find(({ name }) => name === "postfix");
      if (postfix !== undefined) this.#addBounce(facts, truth, postfix, problem);
      return;
    }
    const gateway = failure.remote ?? mailHost(anyDomain(random), random);
    const facts = this.#foreignReport(gateway, mail, relay, { ...failure, remote: undefined }, atMs);
    const dialects = failure.action === "delayed" ? DIALECTS.filter(({ name }) => SAYS_DELAYED.has(name)) : DIALECTS;
    this.#addBounce(facts, truth, random.pick(dialects), problem);
  }

  /** What a foreign host reports about a message that `from` handed to it. */
  #foreignReport(reporter: Host, mail: ReturnedMail, from: Host, failure: Failure, atMs: number): BounceFacts {
    const random = this.#random;
    const chance = random.next();
    const returns = chance < 0.5 ? "message" : chance < 0.88 ? "headers" : "none";
    const inside = random.chance(0.1);
    const outer: Host = inside ? { name: `edge.${reporter.name}`, ip: reporter.ip } : reporter;
    const handedOn = inside ? receivedLine(reporter, { name: outer.name, ip: "10.3.0.7" }, mail, random) : "";
    return { reporter, mail, path: handedOn + receivedLine(outer, from, mail, random), failure, returns, atMs, random };
  }

  #addBounce(facts: BounceFacts, truth: TrueClass, dialect: BounceDialect, problem?: string): void {
    const made = `${dialect.name}, returns ${facts.returns}`;
    this.#add(facts, truth, dialect.write(facts), made, problem);
  }

  #add(facts: BounceFacts, truth: TrueClass, text: string, made: string, problem?: string, reversePath?: string): void {
    this.#messages.push({
      ...{ arrivesAtMs: facts.atMs, raw: Buffer.from(text, "utf8"), reversePath, forwardPath: facts.mail.sender },
      ...{ truth, problem, made },
    });
  }

  #someBounce(atMs: number): string {
    const random = this.#random;
    const domain = anyDomain(random);
    const mail = ownMail({ recipient: anyAddress(domain, random), atMs: atMs - HOUR_MS }, random);
    const reporter = mailHost(domain, random);
    return random
      .pick(DIALECTS)
      .write(this.#foreignReport(reporter, mail, reporter, nuisanceFailure(reporter, random), atMs));
  }

  #officeHours(): number {
    return MIDNIGHT_MS + (5 + (this.#random.next() + this.#random.next()) * 8) * HOUR_MS;
  }

  #log({ messageId, queueId, recipient, sentAtMs }: ReturnedMail): void {
    if (queueId === undefined) return;
    this.#sent.push({ messageId, queueId, recipients: [recipient], at: new Date(sentAtMs) });
  }
}

/** MTAs whose words for a delay are written here. */
const SAYS_DELAYED: ReadonlySet<string> = new Set(["postfix", "exim", "sendmail", "gmail"]);
