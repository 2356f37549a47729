/** The humans in `triage.yaml`: who gets what, where, and in which form. */
import { REPORT_KINDS, URGENCIES } from "@triage/contracts";
import { Type } from "typebox";
import { escalation, rota } from "./rota-section.ts";
import { KEBAB_CASE, list, section, text, whole } from "./schema-parts.ts";

const form = Type.Optional(
  Type.Enum(["headers-only", "summary", "redirect"], {
    default: "headers-only",
    description:
      "What the mail carries: the original without the bodies of the messages that it returns, the whole original, or nothing " +
      "but the original, with Resent- fields on top.",
  }),
);
const maxBytes = whole(
  10_000,
  1_000_000_000,
  1_000_000_000,
  "Largest mail that this human's server takes; what is larger comes with less of the original.",
);
const maxPerHour = whole(
  0,
  10_000,
  60,
  "Mails in any hour, of letters, urgent mail and the rest each; what is beyond is summarised. 0: no limit.",
);

export const Human = section(
  {
    form,
    maxBytes,
    maxPerHour,
    to: list(
      "Who gets what a person can act on; short for humans with one entry. Default: postmaster@ the first domain.",
    ),
    from: text("Header From of what we deliver; default: postmaster-triage@ the first domain."),
  },
  "The person.",
);

const conditions = section(
  {
    forwardPathDomain: list("Domain of ours that the message was sent to; `*.example.org` is any subdomain."),
    verdict: Type.Optional(
      Type.Array(Type.Enum(["genuine-dsn", "user-report", "backscatter", "automated", "spam", "undecided"]), {
        description: "Verdicts.",
      }),
    ),
    reason: list("DSN reasons; holds when any recipient has one of them."),
    kind: Type.Optional(Type.Array(Type.Enum([...REPORT_KINDS]), { description: "Kinds of the report." })),
    urgency: Type.Optional(Type.Array(Type.Enum([...URGENCIES]), { description: "How urgent the policy calls it." })),
    remoteOrganisation: list("Domain of the organisation that refuses or delays our mail: all its hosts."),
  },
  "What this human gets; all that is said must hold. Without it: what no other human gets.",
);

export const HumanSections = Type.Optional(
  Type.Array(
    Type.Object(
      {
        id: Type.String({
          pattern: KEBAB_CASE,
          description: "Kebab-case; logs and deliveries show it.",
        }),
        to: list("Addresses; a human with a rota has none."),
        rota,
        outlet: text("Id of the outlet; default: the first one."),
        form,
        maxBytes,
        maxPerHour,
        escalation,
        for: conditions,
      },
      { additionalProperties: false },
    ),
    {
      description:
        "Several humans, instead of human.to. At least one of them has no `for`: it gets what nobody else does.",
    },
  ),
);
