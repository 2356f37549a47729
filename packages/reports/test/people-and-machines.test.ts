import { type Envelope, NULL_REVERSE_PATH, readMessage } from "@triage/message";
import { describe, expect, test } from "vitest";
import * as autoReply from "../src/phrases/auto-reply.ts";
import * as bounceBodies from "../src/phrases/bounce-bodies.ts";
import * as bounceSubjects from "../src/phrases/bounce-subjects.ts";
import * as challenge from "../src/phrases/challenge.ts";
import * as contentFilters from "../src/phrases/content-filters.ts";
import { readReport } from "../src/read-report.ts";

const UNKNOWN: Envelope = { reversePath: undefined, forwardPaths: [] };

interface Letter {
  readonly from?: string;
  readonly subject?: string;
  readonly fields?: readonly string[];
  readonly body?: string;
}

function read(letter: Letter, envelope = UNKNOWN) {
  const lines = [
    `From: ${letter.from ?? "Ann Smith <ann@example.org>"}`,
    "To: postmaster@example.com",
    `Subject: ${letter.subject ?? "Hello"}`,
    ...(letter.fields ?? []),
    "Content-Type: text/plain; charset=utf-8",
    "",
    letter.body ?? "Hello, how are you?",
  ];
  return readReport(readMessage(Buffer.from(lines.join("\n"))), envelope);
}

describe("automatic replies of mailboxes, by their subject and one sign more", () => {
  test.each([
    ["English", "Automatic reply: Hello"],
    ["English", "Out of Office: Hello"],
    ["German", "Automatische Antwort: Hallo"],
    ["German", "AW: Abwesenheitsnotiz: Hallo"],
    ["French", "Réponse automatique : Bonjour"],
    ["Spanish", "Respuesta automática: Hola"],
    ["Portuguese", "Resposta automática: Olá"],
    ["Italian", "Risposta automatica: Ciao"],
    ["Dutch", "Automatisch antwoord: Hallo"],
    ["Russian", "Автоматический ответ: Привет"],
    ["Polish", "Automatyczna odpowiedź: Cześć"],
    ["Japanese", "自動応答: こんにちは"],
    ["Chinese", "自动答复: 你好"],
  ])("%s: %s", (_, subject) => {
    expect(read({ subject }, { ...UNKNOWN, reversePath: NULL_REVERSE_PATH }).kind).toBe("auto-reply");
    expect(read({ subject, fields: ["X-Auto-Response-Suppress: All"] }).kind).toBe("auto-reply");
    expect(read({ subject }).kind, "the same subject alone").toBe("person");
  });

  test("a responder names what it answers, under a subject of its own; a person's program writes Re: above it", () => {
    const fields = ["In-Reply-To: <1@example.com>"];
    expect(read({ subject: "Automatic reply: Hello", fields }).kind).toBe("auto-reply");
    expect(read({ subject: "Re: Automatic reply: Hello", fields }).kind).toBe("person");
  });

  test("subject and words make one, unless they ask something", () => {
    const subject = "Out of office";
    expect(read({ subject, body: "I am on vacation until Monday." }).kind).toBe("auto-reply");
    expect(read({ subject, body: "I am on vacation until Monday. Who answers postmaster?" }).kind).toBe("person");
  });
});

describe("automatic replies of mailboxes, by their text and a null reverse-path", () => {
  test.each([
    ["English", "I am currently out of the office with limited access to email."],
    ["German", "Ich bin bis Freitag nicht im Büro."],
    ["French", "Je suis absente du bureau, de retour le 9 novembre."],
    ["Spanish", "Estoy de vacaciones hasta el lunes."],
    ["Portuguese", "Estou de férias até segunda-feira."],
    ["Italian", "Sono in ferie fino al 9 novembre."],
    ["Dutch", "Ik ben afwezig tot maandag."],
    ["Russian", "Я в отпуске до 9 ноября."],
    ["Polish", "Jestem na urlopie do 9 listopada."],
    ["Japanese", "ただいま不在にしております。"],
    ["Chinese", "我正在休假。"],
  ])("%s: %s", (_, body) => {
    expect(read({ body }, { ...UNKNOWN, reversePath: NULL_REVERSE_PATH }).kind).toBe("auto-reply");
    expect(read({ body }).kind, "the same words of a person").toBe("person");
  });
});

describe("fields that machines write", () => {
  test.each([
    ["Auto-Submitted: auto-replied", "auto-reply"],
    ["Auto-Submitted: auto-replied (vacation)", "auto-reply"],
    ["Precedence: auto_reply", "auto-reply"],
    ["X-Autoreply: yes", "auto-reply"],
    ["Auto-Submitted: auto-generated", "other"],
    ["Auto-Submitted: no", "person"],
    ["List-Id: Users <users.lists.example.org>", "other"],
    ["X-Cron-Env: <SHELL=/bin/sh>", "other"],
    ["List-Unsubscribe: <https://shop.example/u>", "other"],
  ])("%s makes it %s (RFC 3834 section 5)", (field, kind) => {
    expect(read({ fields: [field] }).kind).toBe(kind);
  });

  test.each([
    [
      "Google Groups",
      ["List-Id: <postmaster.example.com>", "Precedence: list", "List-Unsubscribe: <https://groups.example/u>"],
    ],
    ["Mailman", ["X-BeenThere: abuse@example.com", "X-Mailman-Version: 2.1.39", "Precedence: bulk"]],
    ["RFC 2369", ["List-Post: <mailto:noc@example.com>", "List-Unsubscribe: <mailto:noc-leave@example.com>"]],
  ])("the list that the mailbox itself is (%s, RFC 2142) says nothing of who wrote", (_, fields) => {
    expect(read({ fields }).kind).toBe("person");
  });

  test("a contact form wants the visitor answered, a newsletter that mentions one its own people", () => {
    const body = "Sent by the contact form. E-mail: joe@example.net";
    const form = ["Reply-To: joe@example.net", "Feedback-ID: 1:forms"];
    const from = "Web <noreply@www.example.com>";
    expect(read({ from, body, fields: form }).traits).toContain("contact-form");
    expect(read({ from, body, fields: form }).traits).not.toContain("bulk-headers");
    expect(read({ from, body, fields: ["Reply-To: news@example.com"] }).traits).not.toContain("contact-form");
  });

  test("words above a quoted bounce are a person's where the envelope has a sender, whatever they are", () => {
    const ann = { kind: "address", localPart: "ann", domain: "example.org" } as const;
    const bounce = "This is the mail system at host mx.example.net.\n\n<joe@example.com>: 550 5.1.1 User unknown";
    const from = "Postmaster <postmaster@example.org>";
    expect(read({ from, body: bounce }, { ...UNKNOWN, reversePath: ann }).kind).toBe("dsn");
    expect(read({ from, body: `see below\n\n${bounce}` }, { ...UNKNOWN, reversePath: ann }).kind).toBe("person");
    expect(read({ from, body: `see below\n\n${bounce}` }, { ...UNKNOWN, reversePath: NULL_REVERSE_PATH }).kind).toBe(
      "dsn",
    );
  });

  test("the envelope's null reverse-path counts more than a Return-Path that somebody wrote", () => {
    const fields = ["Return-Path: <ann@example.org>"];
    expect(read({ fields }, { ...UNKNOWN, reversePath: NULL_REVERSE_PATH }).traits).toContain("null-reverse-path");
    expect(read({ fields: ["Return-Path: <>"] }).traits).toContain("null-reverse-path");
  });
});

describe("scheduled jobs and monitors, by their subject alone", () => {
  test.each([
    ["Nagios", "** PROBLEM Service Alert: mx1/SMTP is CRITICAL **"],
    ["Nagios", "** RECOVERY Host Alert: mx1 is UP **"],
    ["Icinga", "[PROBLEM] mailq on mx1 is WARNING!"],
    ["Munin", "Munin notification for example.com::mx1"],
    ["Logwatch", "Logwatch for mx1.example.com (Linux)"],
    ["smartd", "SMART error (CurrentPendingSector) detected on host: mx1"],
    ["mdadm", "DegradedArray event on /dev/md0:mx1"],
    ["Fail2Ban", "[Fail2Ban] sshd: banned 192.0.2.66 from mx1"],
  ])("%s: %s", (_, subject) => {
    expect(read({ subject }).kind).toBe("other");
  });
});

describe("in doubt it is a person", () => {
  test.each([
    ["asks about a bounce in his own words", { subject: "Delivery failure?", body: "My mail was not delivered, why?" }],
    ["replies to a bounce", { subject: "Re: Undelivered Mail", fields: ["In-Reply-To: <1@mx.example.net>"] }],
    ["writes of a virus", { subject: "Virus found", body: "We found a virus in mail from your server." }],
    ["asks to confirm a meeting", { subject: "Please confirm your message", body: "Do we meet on Monday?" }],
    ["answers a ticket", { subject: "Re: [#42] Your request", fields: ["RT-Ticket: example.net #42"] }],
    ["has nothing but a name", { from: "Ann" }],
    ["has a problem", { subject: "[Problem] Your mail server is slow" }],
    ["asks about a monitor's mail", { subject: "Re: ** PROBLEM Service Alert: mx1/SMTP is CRITICAL **" }],
  ])("who %s", (_, letter) => {
    expect(read(letter).kind).toBe("person");
  });
});

describe("the phrase tables", () => {
  const tables = { ...autoReply, ...bounceBodies, ...bounceSubjects, ...challenge, ...contentFilters };

  test.each(Object.entries(tables))("%s are lower case, single-spaced, without repeats", (_, phrases) => {
    expect(phrases.map((phrase) => phrase.toLowerCase().replace(/\s+/g, " "))).toEqual(phrases);
    expect(new Set(phrases).size).toBe(phrases.length);
  });
});
