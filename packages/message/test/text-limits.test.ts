import fc from "fast-check";
import { expect, test } from "vitest";
import { DefectLog } from "../src/defect-log.ts";
import { DEFAULT_READ_LIMITS } from "../src/limits.ts";
import { limitText } from "../src/text-limits.ts";

const lines = fc.string({ unit: fc.constantFrom("a", "\r", "\n", "\r\n"), maxLength: 30 });

test("CRLF, LF and CR each end one line, and so do CRs before an LF, however they are mixed", () => {
  fc.assert(
    fc.property(lines, (text) => {
      const ends = text.split(/\r*\n|\r/).join("\n");
      expect(limitText(text, DEFAULT_READ_LIMITS, new DefectLog())).toBe(ends);
    }),
  );
});
