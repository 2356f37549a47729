import type { AlertFacts } from "@triage/contracts";
import { expect, test } from "vitest";
import type { Addressee } from "../src/humans/address-book.ts";
import { chooseAlertAddressees } from "../src/notices/alert-addressees.ts";

function addressee(id: string, outlet: string, conditions?: object): Addressee {
  return { human: { id, for: conditions }, outlet: { id: outlet }, to: [`${id}@example.com`] } as unknown as Addressee;
}
const ANN = addressee("ann", "mail");
const BOB = addressee("bob", "mail");
const NOC = addressee("noc", "chat", { verdict: ["spam"] });

function told(avoided: AlertFacts["avoided"], everybody: readonly Addressee[], wanted: readonly string[] = []) {
  const facts: AlertFacts = { trouble: "dead-letters", waiting: 1, latest: [], avoided };
  return chooseAlertAddressees(facts, everybody, wanted).map(({ human }) => human.id);
}

const ANN_BOUNCES = { addresses: ["Ann@example.com"], outlets: ["mail"] };

test("whom it is about is never told, and another outlet comes first", () => {
  expect(told(ANN_BOUNCES, [ANN, BOB, NOC])).toEqual(["noc"]);
  expect(told(ANN_BOUNCES, [ANN, BOB])).toEqual(["bob"]);
});

test("those whom the configuration names are told, also by the outlet in trouble, unless it is about them", () => {
  expect(told(ANN_BOUNCES, [ANN, BOB, NOC], ["bob"])).toEqual(["bob"]);
  expect(told(ANN_BOUNCES, [ANN, BOB, NOC], ["ann"])).toEqual(["noc"]);
});

test("a trouble that is about nobody is told to those who get what fits nobody else", () => {
  expect(told({ addresses: [], outlets: [] }, [ANN, BOB, NOC])).toEqual(["ann", "bob"]);
});

test("nobody is told rather than the one whom it is about", () => {
  expect(told(ANN_BOUNCES, [ANN])).toEqual([]);
});
