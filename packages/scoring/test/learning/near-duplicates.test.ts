/** One correction helps at once: what is nearly the same is known again, and nobody else is hidden for it. */
import { compareModels, LearnedModel, learn, loadCheckSet } from "@triage/scoring";
import { describe, expect, test } from "vitest";
import { correct, isShown, mail, NOW, type Read, read, SPAM_SUBJECT, score, spam, spamText, wrap } from "./build.ts";

const checkSet = await loadCheckSet();
const lookAlikes = checkSet.filter(({ label }) => label === "spam");

async function taught(...corrections: readonly ReturnType<typeof correct>[]): Promise<LearnedModel> {
  return new LearnedModel(await learn({ corrections, now: NOW }));
}

const nearLine = (verdict: ReturnType<typeof score>) =>
  verdict.evidence.find(({ check }) => check === "near-duplicate");

describe("a spam that a human has corrected", () => {
  test("was shown before", () => {
    expect(isShown(score(spam()))).toBe(true);
  });

  test.each([
    ["with another name", spam({ name: "Robert van der Berg" })],
    ["with another link", spam({ link: "http://pay.example.org/x/confirm.html" })],
    ["about another amount", spam({ amount: "USD 180.500" })],
    ["an hour later", spam({ date: "Fri, 20 Nov 2026 10:00:00 +0000" })],
    ["wrapped by another program", spam({ width: 40 })],
    ["with all of it changed", spam({ name: "Joe", link: "www.example.org/a", amount: "EUR 1 million", width: 100 })],
  ])("hides its near-duplicate %s, and says whose word that is", async (_, sibling) => {
    const verdict = score(sibling, await taught(correct(spam(), "spam")));
    expect(verdict.verdict).toBe("spam");
    expect(nearLine(verdict)?.detail).toMatch(
      /^\d+ % the same words as a message that ann corrected to spam on 2026-11-20$/,
    );
  });

  test("hides no letter of the check set", async () => {
    const learned = await taught(correct(spam(), "spam"));
    for (const letter of checkSet) {
      if (letter.label === "letter") expect(isShown(score(letter, learned)), letter.id).toBe(true);
    }
  });

  const quoted = spamText()
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
  const complaint = "Hello, the spam below came to me from a machine in your network. Please stop whoever sends it.";

  test.each([
    ["quotes it", mail({ subject: "Spam from you", body: `${complaint}\n\n${quoted}` })],
    [
      "forwards it",
      mail({
        subject: `Fwd: ${SPAM_SUBJECT}`,
        body: `${complaint}\n\n-----Original Message-----\n${spamText()}`,
      }),
    ],
    ["quotes it without a mark", mail({ subject: "Spam from you", body: `${complaint}\n\n${spamText()}` })],
    ["keeps its subject and marks nothing", mail({ subject: SPAM_SUBJECT, body: `${complaint}\n\n${spamText()}` })],
    ["complains below it", mail({ subject: SPAM_SUBJECT, body: `${spamText()}\n\n${complaint}` })],
    ["says two words and forwards it", mail({ subject: `Fwd: ${SPAM_SUBJECT}`, body: `From you?\n\n${spamText()}` })],
    ["says two words under another subject", mail({ subject: "please stop this", body: `From you?\n\n${spamText()}` })],
  ])("does not hide the letter that %s", async (_, letter) => {
    const untaught = score(letter);
    const verdict = score(letter, await taught(correct(spam(), "spam")));
    expect(isShown(untaught)).toBe(true);
    expect(isShown(verdict)).toBe(true);
    const weight = nearLine(verdict)?.weight ?? 0;
    expect(weight).toBe(0);
  });

  const remarks = [
    "Spam?",
    "From you?",
    "Is this from you?",
    "Please tell me what I shall do about this one",
    complaint,
  ];

  test.each(remarks)("nor one that says no more than %j above or below it, be it whatever spam", async (remark) => {
    const learned = await taught(
      ...lookAlikes.map((spams, index) => correct(spams, "spam", { by: `corrector-${index}` })),
    );
    for (const { id, message } of lookAlikes) {
      const [head = "", body = ""] = message.raw.toString("utf8").split("\r\n\r\n", 2);
      const own = body.startsWith("<") ? `<p>${remark}</p>` : `\r\n\r\n${remark}\r\n\r\n`;
      for (const text of [`${own}${body}`, `${body}${own}`]) {
        const line = nearLine(score(read(`${head}\r\n\r\n${text.trim()}`), learned));
        expect(line?.weight ?? 0, id).toBe(0);
      }
    }
  });

  test("what begins otherwise is shown with the reason why the near-duplicate does not count", async () => {
    const letter = mail({ subject: SPAM_SUBJECT, body: `${complaint}\n\n${spamText()}` });
    const line = nearLine(score(letter, await taught(correct(spam(), "spam"))));
    expect(line).toMatchObject({ outcome: "neutral", weight: 0 });
    expect(line?.detail).toContain("but it begins otherwise: it may be about that message");
  });

  test("another subject may be that of a letter about it, until humans have corrected copies with different subjects", async () => {
    const [first, second, third] = ["Winter issue", "Your research deserves readers", "Invitation of the editors"].map(
      (subject) => spam({ subject }),
    ) as [Read, Read, Read];
    const once = score(third, await taught(correct(first, "spam")));
    expect(isShown(once)).toBe(true);
    expect(nearLine(once)?.detail).toContain("but it has another subject");
    expect(score(third, await taught(correct(first, "spam"), correct(second, "spam"))).verdict).toBe("spam");
  });

  test("is shown again when another human says that one like it was a letter", async () => {
    const learned = await taught(correct(spam(), "spam"), correct(spam({ name: "Joe" }), "user-report", { by: "bob" }));
    const verdict = score(spam({ name: "Eve" }), learned);
    expect(verdict.verdict).toBe("user-report");
    expect(nearLine(verdict)?.detail).toContain("that bob corrected to user-report");
  });

  test("is hidden again when the same human has thought again, and corrects the next copy", async () => {
    const first = correct(spam(), "user-report", { at: new Date("2026-11-20T08:00:00Z") });
    const second = correct(spam({ amount: "300 EUR" }), "spam", { at: new Date("2026-11-20T09:00:00Z") });
    const learned = await taught(first, second);
    expect(score(spam({ name: "Joe" }), learned).verdict).toBe("spam");
    const inputs = { live: await taught(first), candidate: learned, checkSet, corrections: [first, second] };
    expect((await compareModels(inputs)).notWorse).toBe(true);
    expect(score(spam({ name: "Joe" }), await taught(first, { ...second, by: "bob" })).verdict).toBe("user-report");
  });

  test("too few words are like too many others", async () => {
    const short = mail({ subject: "hello", body: "please call me back about the offer" });
    const verdict = score(short, await taught(correct(short, "spam")));
    expect(nearLine(verdict)).toBeUndefined();
  });
});

const newsletter = (name: string, issue: string) =>
  mail({
    from: "no-reply@society.example",
    subject: `Members of the society, issue ${issue}`,
    header: [
      "Precedence: bulk",
      "List-Id: members <members.society.example>",
      "List-Unsubscribe: <https://society.example/u>",
    ],
    body: wrap(
      `Dear ${name},

the mail server of our society will move to another house next month. Whoever runs a server that talks to ours should
allow the new addresses in time; they are listed on the page of our working group at https://society.example/${issue}
and will stay valid for at least two years.

The board`,
      70,
    ),
  });

describe("a letter that was hidden because it looks like a newsletter", () => {
  test("was hidden before", () => {
    expect(isShown(score(newsletter("member", "17")))).toBe(false);
  });

  test("shows its near-duplicates", async () => {
    const verdict = score(
      newsletter("Ms Jones", "18"),
      await taught(correct(newsletter("member", "17"), "user-report")),
    );
    expect(verdict.verdict).toBe("user-report");
  });

  test("shows no newsletter of somebody else", async () => {
    const other = mail({
      from: "no-reply@shop.example",
      header: ["Precedence: bulk", "List-Id: news <news.shop.example>", "List-Unsubscribe: <https://shop.example/u>"],
      subject: "News of the week",
      body: "Our shop has new shoes, hats and coats for the winter, and free shipping for all orders until Sunday evening.",
    });
    const verdict = score(other, await taught(correct(newsletter("member", "17"), "user-report")));
    expect(verdict.verdict).toBe(score(other).verdict);
  });
});

test("what a person wrote under the subject of an automatic reply is shown when it comes again", async () => {
  const answer = (ticket: string) =>
    mail({
      subject: `Automatic reply: your question ${ticket}`,
      header: ["Auto-Submitted: auto-replied", `In-Reply-To: <${ticket}@example.com>`],
      body: `I am back on Monday, but the certificate of your mail server has run out today and our mail to you waits in the queue (${ticket}).`,
    });
  expect(answer("4711").report.kind).toBe("auto-reply");
  expect(isShown(score(answer("4711")))).toBe(false);
  const learned = await taught(correct(answer("4711"), "user-report"));
  expect(score(answer("815"), learned).verdict).toBe("user-report");
});

describe("reports have the words of the program that wrote them", () => {
  const bounce = (recipient: string, from: string, messageId: string) =>
    read(`From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
To: joe@example.com
Subject: Undelivered Mail Returned to Sender
Date: Fri, 20 Nov 2026 09:00:00 +0000
Message-ID: <1@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not be delivered to one or more recipients. It's attached
below. For further assistance, please send mail to postmaster.

<${recipient}>: host mail.example.org said: 550 5.1.1 User unknown

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ${recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--b
Content-Type: text/rfc822-headers

From: ${from}
Message-ID: ${messageId}
Subject: hello

--b--
`);
  const backscatter = bounce("x1@example.org", "joe@example.com", "<spam@evil.example>");
  const genuine = bounce("ann@example.org", "joe@example.com", "<20261120.7@example.com>");

  test("a genuine DSN that looks like a backscatter of the same MTA is judged as if nobody had corrected that one", async () => {
    const learned = await taught(correct(backscatter, "backscatter"), correct(backscatter, "spam", { by: "bob" }));
    expect(genuine.report.kind).toBe("dsn");
    expect(score(genuine, learned)).toEqual(score(genuine));
  });

  test("nor does an unknown server's bounce that reads like a letter hide its like as backscatter", async () => {
    const strange = (recipient: string) =>
      mail({
        from: "system@mx.example.net",
        subject: "Problem with a message",
        body: `The message of yours to ${recipient} has come to this house but nobody of that name lives here any more, so that it goes back to you.`,
      });
    const learned = await taught(correct(strange("joe"), "backscatter"));
    expect(score(strange("ann"), learned)).toEqual(score(strange("ann")));
  });
});
