/** The `overrides` of `triage.yaml`: keys, types, limits and descriptions. What code uses is made by resolve-overrides.ts. */
import { REPORT_KINDS } from "@triage/contracts";
import { Type } from "typebox";
import { KEBAB_CASE } from "./schema-parts.ts";

/** LIMIT: longer ones are programs; the engine's work is their length times that of the text. UTF-16 units. */
const MAX_PATTERN_CHARS = 500;

/** One, or a list of which one must fit. */
const oneOrMore = (description: string) =>
  Type.Optional(
    Type.Unsafe<string | string[]>({
      type: ["string", "array"],
      minLength: 1,
      minItems: 1,
      items: { type: "string", minLength: 1 },
      description,
    }),
  );

const pattern = (description: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: MAX_PATTERN_CHARS,
      description: `${description} RE2 syntax, found anywhere in it.`,
    }),
  );

const MatchSection = Type.Object(
  {
    from: oneOrMore("First address of the header From; `*@example.net` is any at that domain. Forgeable."),
    fromDomain: oneOrMore("Domain of that address; `*.example.net` is any subdomain. Forgeable."),
    reversePath: oneOrMore("Envelope sender; `<>` is the null reverse-path. Forgeable."),
    forwardPath: oneOrMore("Any envelope recipient: which of our addresses was written to."),
    listId: oneOrMore(
      "Identifier in the List-Id field, such as announce.lists.example.net or *.example.net. Forgeable.",
    ),
    kind: oneOrMore(`Kind of the report: ${REPORT_KINDS.join(", ")}.`),
    returnedFromDomain: oneOrMore("Domain of the header From of the returned message."),
    subject: pattern("Of the subject, decoded. Forgeable."),
    header: Type.Optional(
      Type.Object(
        {
          name: Type.String({
            pattern: "^[!-9;-~]{1,76}$",
            description: "Field name; of several such fields the topmost, which the nearest host wrote.",
          }),
          pattern: Type.String({
            minLength: 1,
            maxLength: MAX_PATTERN_CHARS,
            description: "Of its value, decoded; RE2 syntax.",
          }),
        },
        { additionalProperties: false, description: "A header field." },
      ),
    ),
    body: pattern("Of the first 16,384 characters of the text. Forgeable."),
  },
  { additionalProperties: false, minProperties: 1, description: "All that are given must hold." },
);

export const OverrideSections = Type.Optional(
  Type.Array(
    Type.Object(
      {
        id: Type.String({
          pattern: KEBAB_CASE,
          maxLength: 60,
          description: "Kebab-case; the evidence shows it as `override:<id>`.",
        }),
        match: MatchSection,
        verdict: Type.Optional(
          Type.Enum(["genuine-dsn", "user-report", "backscatter", "automated", "spam"], {
            description: "What such a message is, whatever the evidence says.",
          }),
        ),
        route: Type.Optional(
          Type.Enum(["human", "digest", "archive"], { description: "Where it goes, whatever the policy says." }),
        ),
        because: Type.String({ minLength: 1, maxLength: 200, description: "Why; the human reads it." }),
      },
      { additionalProperties: false },
    ),
    {
      description: "What this site knows better, tried in order; the first that matches decides (docs/judging.md).",
    },
  ),
);
