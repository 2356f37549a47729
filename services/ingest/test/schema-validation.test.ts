import Type from "typebox";
import { Compile } from "typebox/compile";
import { expect, test } from "vitest";
import { findFaults } from "../src/schema-validation.ts";

const CHECKER = Compile(
  Type.Object(
    {
      verdict: Type.Enum(["spam", "user-report"]),
      limit: Type.Optional(Type.String({ pattern: "^[1-9]$", description: "1 to 9; 5 when left out." })),
      since: Type.Optional(Type.String({ format: "date-time" })),
    },
    { additionalProperties: false },
  ),
);

test.each([
  [undefined, { field: "", detail: "must be a JSON object" }],
  [{}, { field: "verdict", detail: "is missing" }],
  [{ verdict: "Spam" }, { field: "verdict", detail: "must be one of spam, user-report" }],
  [
    { verdict: "spam", by: "ann" },
    { field: "by", detail: "is not a known field" },
  ],
  [
    { verdict: "spam", limit: "0" },
    { field: "limit", detail: "is not valid; it must be: 1 to 9; 5 when left out" },
  ],
  [
    { verdict: "spam", since: "today" },
    { field: "since", detail: "must be a time such as 2026-11-22T09:00:00Z" },
  ],
])("a fault says once what would have been right: %j", (value, fault) => {
  expect(findFaults(CHECKER, value)).toEqual([fault]);
});
