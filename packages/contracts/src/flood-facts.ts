/** What is known of a flood: more mail for one human than they get in an hour. */
import { type Static, Type } from "typebox";
import type { Immutable } from "./immutable.ts";

const Count = Type.Integer({ minimum: 0 });

export const FloodFactsSchema = Type.Object({
  human: Type.String({ description: "Id of the human for whom it was too much." }),
  maxPerHour: Type.Integer({ minimum: 1, description: "What this human gets in an hour, of each lane." }),
  waiting: Type.Integer({ minimum: 0, description: "Messages that this notice is about." }),
  groups: Type.Array(
    Type.Object({
      urgent: Type.Boolean({ description: "People's letters, and what the policy calls urgent." }),
      verdict: Type.String(),
      cause: Type.String({ description: "DSN reason, else the kind of the message." }),
      messages: Count,
      examples: Type.Array(
        Type.Object({
          messageId: Type.String({ description: "Id of a message here." }),
          text: Type.String({ description: "Whom or what it is about." }),
        }),
      ),
    }),
    { description: "By verdict and cause: what is urgent first, then the largest." },
  ),
  moreGroups: Type.Integer({ minimum: 0, description: "Groups that are not listed; their messages are counted." }),
});
export type FloodFacts = Immutable<Static<typeof FloodFactsSchema>>;
