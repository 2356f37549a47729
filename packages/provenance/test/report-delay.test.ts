import { expect, test } from "vitest";
import { dsnReturning, evidenceOf, returnedWith, siteOf } from "./samples.ts";

const judge = (sent: string | undefined, fields: { date?: string; arrivalDate?: string }) =>
  evidenceOf("report-delay", {
    site: siteOf(),
    report: { ...dsnReturning(returnedWith(sent === undefined ? "Subject: x\r\n" : `Date: ${sent}\r\n`)), ...fields },
  });
const REPORTED = "Fri, 20 Nov 2026 10:00:00 +0000";

test.each([
  ["five days before, as a queue keeps it", "Sun, 15 Nov 2026 10:00:00 +0000"],
  ["minutes later, by a clock that is off", "Fri, 20 Nov 2026 10:20:00 +0000"],
  ["hours later, by a wrong time zone", "Fri, 20 Nov 2026 10:00:00 -1000"],
])("a message dated %s says nothing", async (_, sent) => {
  expect((await judge(sent, { date: REPORTED })).outcome).toBe("neutral");
  expect((await judge(sent, { arrivalDate: REPORTED })).outcome).toBe("neutral");
});

test.each([
  ["in the future", "Fri, 27 Nov 2026 10:00:00 +0000", "7 days after"],
  ["years ago", "Thu, 20 Nov 2025 10:00:00 +0000", "365 days before"],
])("a message dated %s speaks softly against us, and how far off it is, is told", async (_, sent, detail) => {
  const found = await judge(sent, { date: REPORTED });
  expect(found).toMatchObject({ outcome: "fail", strength: "soft" });
  expect(found.detail).toContain(detail);
});

test("when the message arrived where it failed counts before when that was reported", async () => {
  const found = await judge("Sat, 1 Aug 2026 10:00:00 +0000", {
    date: REPORTED,
    arrivalDate: "Sun, 2 Aug 2026 10:00:00 +0000",
  });
  expect(found.outcome).toBe("neutral");
});

test("an old report is judged by its own date, not by the day on which it is read", async () => {
  const found = await judge("Tue, 3 Mar 2015 10:00:00 +0000", { date: "Wed, 4 Mar 2015 10:00:00 +0000" });
  expect(found.outcome).toBe("neutral");
});

test("without a date there is nothing to say", async () => {
  expect((await judge(undefined, { date: REPORTED })).outcome).toBe("neutral");
  expect((await judge("yesterday", { date: REPORTED })).outcome).toBe("neutral");
  expect((await judge(REPORTED, {})).outcome).toBe("neutral");
});
