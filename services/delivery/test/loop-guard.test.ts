import { readMessage } from "@triage/message";
import { expect, test } from "vitest";
import { findLoop, loopIdsOf } from "../src/compose/loop-guard.ts";

const OURS = "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b";
const THEIRS = "019aaa65-1e80-7e4f-8a9b-ffffffffffff";
const isOurs = (id: string) => Promise.resolve(id === OURS);
const headersOf = (...fields: string[]) =>
  readMessage(Buffer.from([...fields, "From: a@example.net", "", "body", `X-Triage-Loop: ${OURS}`].join("\r\n"))).root
    .headers;
const OUR_MAIL = "<ours@example.com>";
const isOurMailId = (messageId: string) => messageId === OUR_MAIL;
const find = (...fields: string[]) => findLoop(headersOf(...fields), { hopLimit: 30, isOurs, isOurMailId });

test("an ordinary message is no loop, even when it quotes or attaches a mail of ours", async () => {
  expect(await find("Received: from a by b; Sun, 22 Nov 2026 09:00:00 +0000")).toBeUndefined();
});

test("a message that carries the loop field of a message that we know is a loop", async () => {
  expect(await find(`X-Triage-Loop: ${OURS}`)).toContain(OURS);
});

test("the field is found in any case of letters, and among those of other sites", async () => {
  expect(await find(`x-triage-loop: ${THEIRS}`, `X-TRIAGE-LOOP: ${OURS.toUpperCase()}`)).toContain("loop");
});

test("a spammer cannot suppress a complaint by adding the field with a made-up value", async () => {
  expect(await find("X-Triage-Loop: yes", `X-Triage-Loop: ${THEIRS}`)).toBeUndefined();
});

test("a hundred made-up ids in front of ours hide no loop, and without ours they make none", async () => {
  const madeUp = Array.from(
    { length: 100 },
    (_, n) => `X-Triage-Loop: 019aaa65-1e80-7e4f-8a9b-${String(n).padStart(12, "0")}`,
  );
  expect(await find(...madeUp)).toBeUndefined();
  expect(await find(...madeUp, `X-Triage-Loop: ${OURS}`)).toContain(OURS);
});

test("with a hop limit of 30, the 31st Received field is a loop (RFC 5321 section 6.3)", async () => {
  const hops = (count: number) =>
    Array.from({ length: count }, (_, hop) => `Received: from h${hop} by h${hop + 1}; now`);
  expect(await find(...hops(30))).toBeUndefined();
  expect(await find(...hops(31))).toContain("31 Received fields");
});

test("only UUIDs are carried on into our own header", () => {
  expect(loopIdsOf(headersOf("X-Triage-Loop: a\r\n Bcc: x@example.net", `X-Triage-Loop: ${THEIRS}`))).toEqual([THEIRS]);
});

test("our own mail is a loop, whatever was done to its other fields", async () => {
  expect(await find(`Message-ID: ${OUR_MAIL}`)).toBe(`Mail loop: it is our own mail ${OUR_MAIL}`);
  expect(await find("Message-ID: <1@example.net>", `Resent-Message-ID: ${OUR_MAIL}`)).toContain("our own mail");
});

test("an answer to our mail is none", async () => {
  expect(await find(`In-Reply-To: ${OUR_MAIL}`, `References: ${OUR_MAIL}`)).toBeUndefined();
});

test("a letter that a human redirects to postmaster@ has the human's address in Delivered-To, and is no loop", async () => {
  const once = ["Delivered-To: postmaster@example.com", "Delivered-To: ann@example.com"];
  expect(await find(...once)).toBeUndefined();
  expect(await find(...once, ...once, "Delivered-To: postmaster@example.com")).toBeUndefined();
});

test("what is delivered to the same address for the fourth time goes round (RFC 9228)", async () => {
  const rounds = Array.from({ length: 4 }, () => "Delivered-To: Postmaster@example.com");
  expect(await find(...rounds)).toContain("postmaster@example.com");
  expect(await find(...rounds.slice(1))).toBeUndefined();
});
