import { readMessage } from "@triage/message";
import { describe, expect, test } from "vitest";
import { outlineMessage } from "./outline.ts";
import { SAMPLES, SAMPLES_FOLDER, withLineEnds } from "./samples.ts";

describe.each(SAMPLES)("$name", ({ name, lf }) => {
  test("is read as the golden file beside it says", async () => {
    const outline = outlineMessage(readMessage(lf));
    await expect(`${JSON.stringify(outline, undefined, 2)}\n`).toMatchFileSnapshot(`${SAMPLES_FOLDER}${name}.json`);
  });

  test("gives the same tree, headers and texts with CRLF", () => {
    expect(outlineMessage(readMessage(withLineEnds(lf, "\r\n")))).toEqual(outlineMessage(readMessage(lf)));
  });

  test("gives the same tree, headers and texts with bare CR, and says so", () => {
    const { root, defects } = outlineMessage(readMessage(lf));
    expect(outlineMessage(readMessage(withLineEnds(lf, "\r")))).toEqual({ root, defects: ["bare-cr", ...defects] });
  });
});
