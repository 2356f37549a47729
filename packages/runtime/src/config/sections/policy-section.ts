/** The `policy` and `policyAbove` of `triage.yaml`: keys, types, limits and descriptions. What code uses is made by resolve-policy.ts. */
import { DSN_ACTIONS, DSN_REASON_IDS, REPORT_KINDS, ROUTE_IDS, URGENCIES, VERDICT_IDS } from "@triage/contracts";
import { Type } from "typebox";
import { KEBAB_CASE } from "./schema-parts.ts";

/** LIMIT: how far back messages of one cause are counted: 30 days. */
const MAX_HOURS = 720;

/** A condition: at least one of the texts must be there. */
const anyOf = (description: string) =>
  Type.Optional(Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description }));

const Row = Type.Object(
  {
    id: Type.String({ pattern: KEBAB_CASE, description: "Kebab-case; recorded with the route." }),
    verdict: Type.Optional(Type.Array(Type.Enum(VERDICT_IDS), { minItems: 1, description: "The verdict." })),
    kind: anyOf(`Report kinds: ${REPORT_KINDS.join(", ")}.`),
    doubleBounce: Type.Optional(
      Type.Boolean({
        description: "A report that itself could not be delivered, so that nobody but the postmaster hears of it.",
      }),
    ),
    forwardPathDomain: anyOf(
      "Domain of ours that the message was sent to; `*.example.org` is any subdomain. To show, one of them is enough; to hide, all must fit.",
    ),
    volume: Type.Optional(
      Type.Object(
        {
          atLeast: Type.Integer({ minimum: 2, maximum: 1_000_000, description: "Messages, this one among them." }),
          withinHours: Type.Integer({ minimum: 1, maximum: MAX_HOURS, description: "How far back they count." }),
        },
        {
          additionalProperties: false,
          description:
            "Many genuine reports with the same cause (incident fingerprint). Does not hold where it is not known.",
        },
      ),
    ),
    novelty: Type.Optional(
      Type.Object(
        { days: Type.Integer({ minimum: 1, maximum: 366, description: "For so long the cause was not seen." }) },
        {
          additionalProperties: false,
          description: "The first report with its cause. Does not hold where it is not known.",
        },
      ),
    ),
    action: anyOf(`DSN actions: ${DSN_ACTIONS.join(", ")}.`),
    reason: anyOf(`DSN reasons: ${DSN_REASON_IDS.join(", ")}.`),
    reasonRule: anyOf("Ids of the rules that explain a reason (`reasonRule` of a recipient, such as greylisted)."),
    statusClass: anyOf(
      'Enhanced status codes (RFC 3463), in quotation marks: "5.7" is 5.7.0, 5.7.1 and so on, "x.7" those of 4.7 as well, "5.1.1" one code.',
    ),
    remoteOrganisation: anyOf(
      "Registrable domain of the remote host, such as example.net or example.co.uk; where none is named, of the recipient. `*.example` is any below.",
    ),
    recipientDomain: anyOf("Domain of the recipient that failed; `*.example.net` is any subdomain."),
    route: Type.Enum(ROUTE_IDS, { description: "Where such a message goes." }),
    urgency: Type.Optional(Type.Enum(URGENCIES, { default: "normal", description: "How soon a person should look." })),
    because: Type.String({ minLength: 1, maxLength: 300, description: "Why the row is there." }),
  },
  { additionalProperties: false },
);

const rows = (description: string) => Type.Optional(Type.Array(Row, { description }));

export const PolicySections = {
  policy: rows(
    "The policy table instead of the built-in one; the first row that matches decides (docs/operations.md). All conditions of a row must hold.",
  ),
  policyAbove: rows("Rows with the same keys that are asked before the table, built-in or not."),
};
