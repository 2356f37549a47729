/** What is known of a flood: more mail for one human than they get in an hour. */
import { type Static, Type } from "typebox";
import type { Immutable } from "./immutable.ts";

const Count = Type.Integer({ minimum: 0 });

export const FloodFactsSchema = Type.Object({
  human: Type.String({ description: "Id of the human for whom it was too much." }),
  maxPerHour: Type.Integer({ minimum: 1, description: "What this human gets in an hour, of each lane." }),
  waiting: Type.Integer({ minimum: 0, description: "Messages that this notice is about." }),
  letters: Type.Optional(
    Type.Object(
      {
        messages: Count,
        listed: Type.Array(
          Type.Object({
            messageId: Type.String({ description: "Id of a message here." }),
            receivedAt: Type.String({ format: "date-time" }),
            from: Type.Optional(Type.String({ description: "Header From, decoded." })),
            subject: Type.Optional(Type.String({ description: "Decoded." })),
          }),
          { description: "Oldest first: all of them. Some only, in facts of before `later` was known." },
        ),
        later: Type.Optional(
          Type.Integer({
            minimum: 0,
            description: "Letters beyond these: not told of yet, they wait for room or the next list.",
          }),
        ),
      },
      { description: "What people wrote; not among the groups. Left out in facts of before there was this list." },
    ),
  ),
  groups: Type.Array(
    Type.Object({
      urgent: Type.Boolean({ description: "What the policy calls urgent." }),
      verdict: Type.String(),
      cause: Type.String({ description: "DSN reason, else the kind of the message." }),
      messages: Count,
      words: Type.Optional(
        Type.Array(
          Type.Object({
            remote: Type.Optional(Type.String({ description: "Host name of the remote MTA, of the oldest." })),
            text: Type.String({ description: "The remote's own words, of the oldest." }),
            messages: Count,
          }),
          { description: "By fingerprint, the most frequent first; some." },
        ),
      ),
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
