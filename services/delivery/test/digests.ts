/** What digests say on days that a postmaster knows. */
import type { DigestCause, DigestEntry, DigestFacts } from "@triage/contracts";

export const NO_NEWS: DigestFacts = {
  totals: { judged: 0, human: 0, grouped: 0, kept: [] },
  causes: [],
  others: { causes: 0, messages: 0 },
  senders: [],
  timeline: { stepMinutes: 60, messages: new Array<number>(24).fill(0) },
  learning: { corrections: 0, modelVersion: 0 },
  incidents: [],
  deadLetters: 0,
};

let serial = 0;
function entry(more: Partial<DigestEntry> = {}): DigestEntry {
  serial += 1;
  const digits = String(serial).padStart(12, "0");
  return { id: `019a9f00-0000-7000-8000-${digits}`, receivedAt: "2026-11-19T14:03:00Z", score: 0.973, ...more };
}

const MAILBOX_FULL: DigestCause = {
  verdict: "genuine-dsn",
  kind: "dsn",
  route: "digest",
  messages: 14,
  rule: "dsn-delay",
  why: "A bounce of mail that this site sent: the returned message carries our DKIM signature.",
  reason: "mailbox-full",
  remote: "mx1.example.net",
  words: "452 4.2.2 <joe@example.net>: Mailbox is full / Blocks limit exceeded / Inode limit exceeded",
  entries: [
    entry({ from: "MAILER-DAEMON@mail.example.com", subject: "Your order 4711", recipient: "joe@example.net" }),
    entry({ from: "MAILER-DAEMON@mail.example.com", subject: "Minutes of Monday", recipient: "sue@example.net" }),
  ],
};

const SPAM: DigestCause = {
  verdict: "spam",
  kind: "other",
  route: "archive",
  messages: 212,
  rule: "spam",
  why: "Spam: its words are those of advertisements.",
  entries: [
    entry({ score: 0.913, from: "Best Offers <win@spam.example>", subject: "You have <b>won</b> a prize & more" }),
    entry({ score: 0.921, from: "=?", subject: "https://evil.example/login \u202eexe.fdp" }),
  ],
};

const BACKSCATTER: DigestCause = {
  verdict: "backscatter",
  kind: "dsn",
  route: "archive",
  messages: 31,
  rule: "backscatter",
  why: "An answer to mail that this site never sent: the returned message has no signature of ours.",
  reason: "user-unknown",
  remote: "mx.example.org",
  words: "550 5.1.1 User unknown",
  entries: [
    entry({ score: 0.941, from: "MAILER-DAEMON@example.org", subject: "Hot stocks", recipient: "x@example.org" }),
  ],
};

export const USUAL_DAY: DigestFacts = {
  totals: {
    judged: 291,
    human: 12,
    grouped: 22,
    kept: [
      { verdict: "spam", route: "archive", messages: 212 },
      { verdict: "backscatter", route: "archive", messages: 31 },
      { verdict: "genuine-dsn", route: "digest", messages: 14 },
    ],
  },
  causes: [MAILBOX_FULL, SPAM, BACKSCATTER],
  others: { causes: 0, messages: 0 },
  senders: [
    { name: "spam.example", messages: 120 },
    { name: "mx.example.org", messages: 31 },
  ],
  timeline: {
    stepMinutes: 60,
    messages: [4, 6, 9, 12, 30, 22, 14, 9, 8, 6, 7, 5, 3, 0, 0, 2, 4, 9, 15, 24, 20, 18, 17, 13],
  },
  learning: { corrections: 3, modelVersion: 4 },
  incidents: [
    { id: "019a9f00-0000-7000-8000-0000000000ff", kind: "failure", about: "550 5.7.1 blocked", messages: 22 },
  ],
  deadLetters: 1,
};

export const JOE_JOB_DAY: DigestFacts = {
  totals: {
    judged: 100_412,
    human: 9,
    grouped: 0,
    kept: [
      { verdict: "backscatter", route: "archive", messages: 100_170 },
      { verdict: "spam", route: "archive", messages: 233 },
    ],
  },
  storms: [
    {
      id: "019a9f00-0000-7000-8000-0000000000fe",
      scope: "joe@example.com",
      messages: 100_100,
      reporters: 1_312,
      since: "2026-11-17T18:12:00Z",
      over: "2026-11-19T04:40:00Z",
    },
    {
      id: "019a9f00-0000-7000-8000-0000000000fd",
      scope: "Cheap watches \u202e<b>now</b>",
      messages: 39,
      reporters: 1,
      since: "2026-11-19T21:03:00Z",
    },
  ],
  causes: [{ ...BACKSCATTER, messages: 19 }, SPAM],
  others: { causes: 9, messages: 33 },
  senders: [
    { name: "mx.example.org", messages: 41_512 },
    { name: "mx.example.net", messages: 20_004 },
  ],
  timeline: {
    stepMinutes: 180,
    messages: [12, 15, 11, 9, 30, 18_000, 44_000, 31_000, 6_900, 300, 80, 15, 9, 11, 10, 8, 0, 2, 4, 2, 1, 0, 0, 0],
  },
  learning: { corrections: 0, modelVersion: 0 },
  incidents: [
    { id: "019a9f00-0000-7000-8000-0000000000fe", kind: "storm", about: "joe@example.com", messages: 100_170 },
  ],
  deadLetters: 0,
};

export const ONLY_UNDECIDED: DigestFacts = {
  ...NO_NEWS,
  totals: { judged: 2, human: 0, grouped: 0, kept: [{ verdict: "undecided", route: "digest", messages: 2 }] },
  causes: [
    {
      verdict: "undecided",
      kind: "person",
      route: "digest",
      messages: 2,
      rule: "undecided-glance",
      why: "Undecided: it may be a letter (61%) or spam (38%).",
      entries: [
        entry({ score: 0.61, from: "Sue <sue@example.net>", subject: "your website" }),
        entry({ score: 0.64, from: "info@example.org", subject: "Frage zu Ihrer Rechnung für März" }),
      ],
    },
  ],
  timeline: { stepMinutes: 60, messages: [0, 1, 0, 0, 0, 0, 0, 1, ...new Array<number>(16).fill(0)] },
};
