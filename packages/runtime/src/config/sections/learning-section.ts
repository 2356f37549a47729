/** `learning`: how much of what people correct is learned, and when. */
import { Type } from "typebox";
import { section, whole } from "./schema-parts.ts";

export const Learning = section(
  {
    enabled: Type.Optional(
      Type.Boolean({
        description: "Learn from corrections; false: they change the message they are about and nothing else.",
        default: true,
      }),
    ),
    everyHours: whole(
      1,
      8_760,
      24,
      "Train at least so often, also when nothing is new: old corrections are forgotten.",
    ),
    refreshSeconds: whole(
      1,
      3_600,
      5,
      "How soon a correction is learned, and a new version is taken over by all workers.",
    ),
    keepVersions: whole(2, 1_000, 20, "Versions that one can roll back to."),
    limits: section(
      {
        perCorrectorAndDay: whole(
          1,
          10_000,
          50,
          "Corrections of one corrector on one day (UTC); the first ones teach.",
        ),
        perKeyAndDay: whole(
          1,
          10_000,
          200,
          "Of those that come by one API key on one day, whatever names it gives; the first ones teach.",
        ),
        wordsPerCorrector: whole(0, 10_000, 300, "Newest corrections of one corrector that teach words."),
        wordsPerKey: whole(0, 10_000, 600, "Newest corrections by one API key that teach words."),
        words: whole(
          0,
          10_000,
          1_000,
          "Newest corrections that teach words; 0: messages are known again, words are not learned.",
        ),
        nearDuplicates: whole(0, 20_000, 5_000, "Newest corrections whose near-duplicates are known again."),
        nearDuplicatesPerKey: whole(
          0,
          20_000,
          3_000,
          "Newest corrections by one API key whose near-duplicates are known again.",
        ),
        maxAgeDays: whole(1, 3_650, 365, "Older corrections are forgotten."),
      },
      "How much a person who errs, or means harm, can teach.",
    ),
  },
  "Learning from what people correct.",
);
