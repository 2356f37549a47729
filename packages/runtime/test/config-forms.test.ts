import { expect, test } from "vitest";
import { useConfigFiles } from "./config-files.ts";

const { load, problemsOf } = useConfigFiles();

test("who asks for nothing gets no bodies of returned messages", () => {
  expect(load("").humans).toMatchObject([{ form: "headers-only", maxBytes: undefined }]);
  expect(load("humans: [{ id: ann, to: [ann@example.com] }]").humans).toMatchObject([{ form: "headers-only" }]);
});

test("each human gets mail in the form and up to the size that it asks for", () => {
  expect(load("human: { form: summary, maxBytes: 50000 }").humans).toMatchObject([
    { form: "summary", maxBytes: 50_000 },
  ]);
  const { humans } = load(
    "humans:\n  - { id: ann, to: [ann@example.com], form: redirect }\n  - { id: bob, to: [bob@example.com], form: summary }\n",
  );
  expect(humans.map(({ form }) => form)).toEqual(["redirect", "summary"]);
});

test("an unknown form is an error that names the line", () => {
  expect(problemsOf("human:\n  form: bodies\n")[0]).toMatch(/^2: human\.form/);
  expect(problemsOf("humans:\n  - id: ann\n    to: [ann@example.com]\n    form: bodies\n")[0]).toMatch(
    /^4: humans\[0\]\.form/,
  );
  expect(problemsOf("human: { maxBytes: 10 }")[0]).toMatch(/^1: human\.maxBytes/);
});

test("a form for the one human beside a list of humans is an error: it would count for nobody", () => {
  expect(problemsOf("human:\n  form: summary\nhumans: [{ id: ann, to: [ann@example.com] }]\n")).toEqual([
    "2: human.form is given, and humans as well: say it there",
  ]);
});
