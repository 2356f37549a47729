/**
 * Two other readers read the same samples. Where they and we differ, the difference is listed with its reason, and a
 * difference that is listed must still exist.
 */
import { readMessage } from "@triage/message";
import { describe, expect, test } from "vitest";
import { differences, ORACLES, readWithOurs } from "./readings.ts";
import { SAMPLES } from "./samples.ts";

/** What differs, by oracle and sample, and why ours is the one we want. */
const LISTED: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>> = {
  "postal-mime": {
    "charsets-mislabelled": { text: "it believes each label" },
    charsets: { text: "it knows no UTF-7 and reads iso-8859-1 to the letter" },
    "content-type-garbage": { attached: "it keeps a type that is none", text: "it decodes as base64 what is not" },
    "eight-bit-header": { subject: "it reads a latin1 header as UTF-8", addresses: "the same" },
    "header-runs-into-body": { fields: "it takes the delimiter line for a field", text: "the first part is lost" },
    "lost-folds": { fields: "it keeps lost folds as fields", text: "it finds no boundary" },
    "mbox-from-line": { fields: "it takes the `From ` line for a field" },
    "message-in-base64": { attached: "it decodes as base64 what is not" },
  },
  mailparser: {
    "charsets-mislabelled": { text: "it believes each label, `hex` included" },
    "child-never-closed": { text: "the parent's next part becomes text of the child" },
    "content-type-garbage": { attached: "it keeps a type that is none", text: "it decodes as base64 what is not" },
    digest: { attached: "it shows the messages of a digest as text", text: "the same" },
    "eight-bit-header": { subject: "it reads a latin1 header as UTF-8", addresses: "the same" },
    "feedback-report": { attached: "it loses an inline message/rfc822", text: "and shows it as text" },
    "header-runs-into-body": { fields: "it takes the delimiter line for a field", text: "the first part is lost" },
    "lost-folds": { fields: "it keeps lost folds as fields", text: "it finds no boundary" },
    "message-in-base64": { attached: "it decodes as base64 what is not" },
    "preamble-and-epilogue": { text: "it knows no padding after a boundary" },
  },
};

describe.each(Object.entries(ORACLES))("%s", (oracle, read) => {
  test.each(SAMPLES)("reads $name as we do, or differs for the reason listed", async ({ name, lf }) => {
    const listed = LISTED[oracle]?.[name] ?? {};
    expect(differences(readWithOurs(readMessage(lf)), await read(lf))).toEqual(Object.keys(listed));
  });
});
