import { readMessage } from "@triage/message";
import { readReport } from "@triage/reports";
import { expect, test } from "vitest";
import { composeDay, type HayMessage } from "./compose-day.ts";

const SIZE = { joeJob: 600, nuisances: 100, problems: 60, letters: 60, feedbackReports: 20 };
const { messages } = composeDay(3, SIZE);

const kindOf = ({ raw, reversePath }: HayMessage) =>
  readReport(readMessage(raw), {
    reversePath: reversePath === undefined ? { kind: "null" } : undefined,
    forwardPaths: [],
  });

test("the same seed makes the same day, another one another", () => {
  const text = (seed: number) =>
    Buffer.concat(composeDay(seed, SIZE).messages.map(({ raw }) => raw)).toString("base64");
  expect(text(3)).toBe(text(3));
  expect(text(3)).not.toBe(text(4));
});

test("messages stand in the order of their arrival, all within one day", () => {
  const times = messages.map(({ arrivesAtMs }) => arrivesAtMs);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeLessThanOrEqual(86_400_000);
});

test("thirty dialects write bounces, and each of them is read as the bounce that it is", () => {
  const bounces = messages.filter(({ made }) => made.includes(", returns "));
  const unread = bounces.filter((message) => kindOf(message).kind !== "dsn").map(({ made }) => made);
  expect(new Set(bounces.map(({ made }) => made.split(",")[0])).size).toBe(30);
  expect(unread).toEqual([]);
});

test("reports come from hundreds of organisations, and some return nothing at all", () => {
  const reporters = new Set(messages.map(({ raw }) => /^Received: from (\S+)/.exec(raw.toString("latin1"))?.[1]));
  expect(reporters.size).toBeGreaterThan(500);
  expect(messages.some(({ made }) => made.endsWith("returns none"))).toBe(true);
});
