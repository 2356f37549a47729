/** What is known of a storm: a joe job, as the human is told of it. */
import { type Static, Type } from "typebox";
import type { Immutable } from "./immutable.ts";

const Count = Type.Integer({ minimum: 0, description: "Distinct ones, estimated: about 5 % off when they are many." });

export const StormFactsSchema = Type.Object({
  by: Type.Enum(["address", "domain", "content"], { description: "What the reports share." }),
  scope: Type.String({ description: "The forged address or domain (ours), or the subject of the mailing." }),
  strength: Type.Enum(["full", "soft", "unprovable"], { description: "How sure it is that the mail was not ours." }),
  unproven: Count,
  proven: Count,
  contradicted: Count,
  reporters: Count,
  recipients: Count,
  senders: Count,
  grouped: Type.Optional(
    Type.Integer({ minimum: 0, description: "Doubtful reports of it that were not delivered one by one." }),
  ),
  examples: Type.Array(
    Type.Object({
      messageId: Type.String({ description: "Id of a message here." }),
      subject: Type.Optional(Type.String({ description: "Of the returned message." })),
      reporter: Type.Optional(Type.String({ description: "Organisation of the reporting MTA." })),
    }),
  ),
});
export type StormFacts = Immutable<Static<typeof StormFactsSchema>>;
