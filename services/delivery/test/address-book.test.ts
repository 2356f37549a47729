import type { Notice } from "@triage/store";
import { expect, test } from "vitest";
import { openAddressBook } from "../src/humans/address-book.ts";
import type { Outlet } from "../src/outlets/outlet.ts";
import { aHuman } from "./humans.ts";

const AT = new Date("2026-11-22T12:05:00Z");
const CHAT: Outlet = { id: "chat", lineEnd: "lf", deliver: async () => [], close: async () => {} };
const NOTICE: Notice = {
  id: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a99",
  incidentId: "019aaa65-0000-7000-8000-000000000001",
  kind: "failure",
  step: "10",
  state: "pending",
  at: AT,
  firstSeen: AT,
  facts: {
    fingerprint: "v2:0123456789abcdef",
    openerId: "019aaa65-1e80-7e4f-8a9b-0c1d2e3f4a5b",
    reason: "blocked",
    severity: "failed",
    words: "550 5.7.1 blocked",
    links: [],
    forwardPathDomains: ["example.com"],
    messages: 10,
    lastSeen: AT.toISOString(),
    senders: { total: 0, addresses: [], domains: [] },
    recipients: { total: 0, addresses: [], domains: [] },
  },
  deliveries: [],
};

const addresses = openAddressBook(
  [
    aHuman({ id: "ops", to: ["ann@example.com"], outlet: "chat" }),
    aHuman({ id: "noc", to: [], outlet: "chat", for: { urgency: ["high"] } }),
    aHuman({ id: "blocks", to: ["bob@example.com"], outlet: "chat", for: { reason: ["blocked"] } }),
  ],
  [CHAT],
);
const told = (began?: readonly string[]) =>
  addresses.addresseesForNotice(NOTICE, AT, began).map(({ human }) => human.id);

test("how many failures there are now is told to whoever was given the first one, and to nobody else", () => {
  expect(told(["noc"])).toEqual(["noc"]);
  expect(told(["noc", "ops"])).toEqual(["ops", "noc"]);
});

test("where nobody of today has the first one, what is known of the failures says who is told", () => {
  expect(told()).toEqual(["blocks"]);
  expect(told(["gone"])).toEqual(["blocks"]);
});
