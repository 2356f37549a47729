/** What the built-in table does with real mail: each row with a sample that it decides, and one just beside it. */
import { type CauseFacts, DEFAULT_POLICY, type RouteId, routeMessage, type Urgency } from "@triage/routing";
import type { VerdictId } from "@triage/scoring";
import { describe, expect, test } from "vitest";
import { verdictOf } from "./build.ts";
import { sample } from "./samples.ts";

interface Mail {
  readonly mail: string;
  readonly verdict: VerdictId;
  readonly causes?: CauseFacts;
}

interface Case extends Mail {
  readonly row: string;
  readonly goes: `${RouteId}, ${Urgency}`;
  readonly beside: Mail & { readonly row: string };
}

/** So many messages with the same cause, all of them in the last hour; `isNew` where this is the first. */
const seen = (messages: number): CauseFacts => ({ messagesWithin: () => messages, isNew: () => messages === 1 });
const genuine = (mail: string, causes?: CauseFacts): Mail => ({
  mail: `dsn/${mail}`,
  verdict: "genuine-dsn",
  ...(causes !== undefined && { causes }),
});

const CASES: readonly Case[] = [
  {
    row: "undecided",
    goes: "human, normal",
    ...{ mail: "dsn/postfix/51", verdict: "undecided" },
    beside: { ...genuine("postfix/51"), row: "dsn-one-recipient" },
  },
  {
    row: "feedback",
    goes: "human, normal",
    ...{ mail: "feedback/01", verdict: "user-report" },
    beside: { mail: "person/01", verdict: "user-report", row: "user-report" },
  },
  {
    row: "user-report",
    goes: "human, normal",
    ...{ mail: "person/01", verdict: "user-report" },
    beside: { mail: "person/01", verdict: "spam", row: "spam" },
  },
  {
    row: "backscatter",
    goes: "archive, normal",
    ...{ mail: "dsn/postfix/53", verdict: "backscatter" },
    beside: { ...genuine("postfix/53"), row: "dsn-stops-our-mail" },
  },
  {
    row: "spam",
    goes: "archive, normal",
    ...{ mail: "look-alike/quota-bounce", verdict: "spam" },
    beside: { mail: "look-alike/quota-bounce", verdict: "undecided", row: "undecided" },
  },
  {
    row: "automated-answer",
    goes: "archive, normal",
    ...{ mail: "auto-reply/01", verdict: "automated" },
    beside: { mail: "other/cron-mailq", verdict: "automated", row: "automated" },
  },
  {
    row: "automated",
    goes: "digest, normal",
    ...{ mail: "other/monitoring-prometheus", verdict: "automated" },
    beside: { mail: "dmarc-aggregate/01", verdict: "automated", row: "automated-answer" },
  },
  {
    row: "virus-notice",
    goes: "human, high",
    ...{ mail: "virus-notice/01", verdict: "genuine-dsn" },
    beside: { mail: "virus-notice/01", verdict: "backscatter", row: "backscatter" },
  },
  {
    row: "dsn-spike",
    goes: "human, high",
    ...genuine("postfix/51", seen(25)),
    beside: { ...genuine("postfix/51", seen(24)), row: "dsn-one-recipient" },
  },
  {
    row: "dsn-greylisted",
    goes: "digest, normal",
    ...genuine("postfix/62"),
    beside: { ...genuine("postfix/62-2"), row: "dsn-stops-our-mail" },
  },
  {
    row: "dsn-stops-our-mail",
    goes: "human, high",
    ...genuine("postfix/77"),
    beside: { ...genuine("postfix/63"), row: "dsn-delay" },
  },
  {
    row: "dsn-no-space",
    goes: "human, high",
    ...genuine("rfc3464/15"),
    beside: { ...genuine("postfix/52"), row: "dsn-one-recipient" },
  },
  {
    row: "dsn-loop",
    goes: "human, high",
    ...genuine("postfix/59"),
    beside: { ...genuine("postfix/64-2"), row: "dsn-perhaps-us" },
  },
  {
    row: "dsn-double-bounce",
    goes: "human, normal",
    ...genuine("postfix/82"),
    beside: { ...genuine("postfix/57"), row: "dsn-one-recipient" },
  },
  {
    row: "dsn-objects-to-us",
    goes: "human, normal",
    ...genuine("exchange/02"),
    beside: { ...genuine("exchange/01"), row: "dsn-one-recipient" },
  },
  {
    row: "dsn-perhaps-us",
    goes: "human, normal",
    ...genuine("postfix/64-2"),
    beside: { ...genuine("postfix/64"), row: "dsn-delay" },
  },
  {
    row: "dsn-security-status",
    goes: "human, normal",
    ...genuine("rfc3464/16"),
    beside: { ...genuine("postfix/56"), row: "dsn-worth-a-glance" },
  },
  {
    row: "dsn-unexplained",
    goes: "human, normal",
    ...genuine("exim/60"),
    beside: { ...genuine("exim/58"), row: "dsn-worth-a-glance" },
  },
  {
    row: "dsn-series",
    goes: "human, normal",
    ...genuine("postfix/63", seen(10)),
    beside: { ...genuine("postfix/63", seen(9)), row: "dsn-delay" },
  },
  {
    row: "dsn-new-rule",
    goes: "human, low",
    ...genuine("aol/01", seen(1)),
    beside: { ...genuine("aol/01", seen(2)), row: "dsn-worth-a-glance" },
  },
  {
    row: "dsn-one-recipient",
    goes: "archive, normal",
    ...genuine("axigen/01", seen(1)),
    beside: { ...genuine("courier/01", seen(1)), row: "dsn-worth-a-glance" },
  },
  {
    row: "dsn-worth-a-glance",
    goes: "digest, normal",
    ...genuine("courier/01"),
    beside: { ...genuine("qmail/01"), row: "dsn-objects-to-us" },
  },
  {
    row: "dsn-delay",
    goes: "digest, normal",
    ...genuine("exim/02"),
    beside: { ...genuine("postfix/78"), row: "dsn-stops-our-mail" },
  },
  {
    row: "dsn-partly-delayed",
    goes: "digest, normal",
    ...genuine("rfc3464/01"),
    beside: { ...genuine("rfc3464/04"), row: "dsn-stops-our-mail" },
  },
  {
    row: "dsn-success",
    goes: "archive, normal",
    ...genuine("rfc3464/02"),
    beside: { ...genuine("rfc3464/01"), row: "dsn-partly-delayed" },
  },
  {
    row: "anything-else",
    goes: "human, normal",
    ...{ mail: "person/01", verdict: "genuine-dsn" },
    beside: { mail: "person/01", verdict: "automated", row: "automated" },
  },
];

const route = ({ mail, verdict, causes }: Mail) => routeMessage(verdictOf(verdict), sample(mail), { causes });

test("every row of the built-in policy has a sample, in the order of the table", () => {
  expect(CASES.map(({ row }) => row)).toEqual(DEFAULT_POLICY.map(({ id }) => id));
});

describe.each(CASES)("$row", ({ row, goes, beside, ...mail }) => {
  test(`decides ${mail.verdict} ${mail.mail}: ${goes}`, () => {
    const { rule, route: where, urgency } = route(mail);
    expect(`${rule}: ${where}, ${urgency}`).toBe(`${row}: ${goes}`);
  });

  test(`and not ${beside.verdict} ${beside.mail}, which is ${beside.row}'s`, () => {
    expect(route(beside).rule).toBe(beside.row);
  });
});

describe("volume and novelty", () => {
  test("do not match where nothing is known of other messages, and what stands below decides", () => {
    const unknown: CauseFacts = { messagesWithin: () => undefined, isNew: () => undefined };
    for (const mail of ["postfix/51", "postfix/63", "aol/01"]) {
      expect(route(genuine(mail, unknown)).rule, mail).toBe(route(genuine(mail)).rule);
    }
    expect(route(genuine("postfix/51")).route).toBe("archive");
  });

  test("a new way to say that a user is unknown is nobody's concern, whatever the words", () => {
    expect(route(genuine("postfix/51", seen(1))).route).toBe("archive");
    expect(route(genuine("exim/04", seen(1))).route).toBe("digest");
  });

  test("a spike reaches the human, whatever the reason: user unknown, mailbox full, greylisted, delayed", () => {
    for (const mail of ["postfix/51", "postfix/52", "postfix/62", "postfix/63"]) {
      expect(route(genuine(mail, seen(1_000))), mail).toMatchObject({ rule: "dsn-spike", route: "human" });
    }
  });

  test("a spike of successes is none, nor is one of forged mail", () => {
    expect(route(genuine("rfc3464/02", seen(1_000))).route).toBe("archive");
    expect(route({ ...genuine("postfix/51", seen(1_000)), verdict: "backscatter" }).route).toBe("archive");
  });
});

describe("double bounces", () => {
  test.each(["postfix/82", "sendmail/82", "rfc3464/11"])("%s: a report of ours came back", (mail) => {
    expect(route(genuine(mail))).toMatchObject({ rule: "dsn-double-bounce", route: "human" });
    expect(route(genuine(mail)).advice).toMatch(/refuse such mail in the SMTP session/);
  });

  test("the postmaster's copy of an ordinary bounce is none", () => {
    expect(route(genuine("postfix/80")).rule).toBe("dsn-one-recipient");
  });
});
