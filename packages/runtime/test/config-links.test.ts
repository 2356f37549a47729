import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useConfigFiles } from "./config-files.ts";

const { folder, load, problemsOf } = useConfigFiles();

test("without http.publicUrl there are no links", () => {
  expect(load("").http.links).toEqual({ publicUrl: undefined, days: 14, secrets: [] });
});

test("links lead to http.publicUrl, also below a path of a proxy", () => {
  writeFileSync(join(folder, "links"), "the newest of secrets\nthe secret of before\n");
  const { http } = load("http: { publicUrl: https://example.com/triage/, linkDays: 3, linkSecretsFile: links }");
  expect(http.links).toEqual({
    publicUrl: "https://example.com/triage",
    days: 3,
    secrets: ["the newest of secrets", "the secret of before"],
  });
});

test.each(["triage.example.com", "ftp://example.com", "https://example.com/?a=b", "https://ann:secret@example.com"])(
  "publicUrl %s is refused with its line",
  (url) => {
    expect(problemsOf(`http:\n  publicUrl: "${url}"`)).toEqual([
      "2: http.publicUrl must be a URL such as https://triage.example.com, without a query",
    ]);
  },
);

test("a short secret is refused, and not printed", () => {
  expect(problemsOf('http:\n  linkSecrets: ["short"]')).toEqual([
    "2: http.linkSecrets has a secret of less than 16 characters",
  ]);
});
