import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CONCEPT_WORDS } from "../src/text-model/concept-words.ts";
import { describeToken } from "../src/text-model/describe-token.ts";

const SOURCES = new URL("../src/text-model/", import.meta.url);

/** Every `f:` token and every fixed `u:` token that a source of the model can give. */
async function shapeTokens(): Promise<readonly string[]> {
  const files = (await readdir(SOURCES)).filter((name) => name.endsWith("-features.ts"));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, SOURCES), "utf8")));
  return texts.flatMap((text) => [
    ...[...text.matchAll(/"(f:[a-z-]+)"/g)].map(([, token = ""]) => token),
    ...[...text.matchAll(/\{LINK_PREFIX\}([a-z-]{4,})`/g)].map(([, name = ""]) => `u:${name}`),
  ]);
}

test("everything that the text model knows beside words is said in words of its own", async () => {
  const tokens = await shapeTokens();
  expect(tokens.length).toBeGreaterThan(40);
  const names = [...tokens, ...Object.keys(CONCEPT_WORDS).map((name) => `c:${name}`)];
  const raw = names.filter((token) => {
    const said = describeToken(token);
    return said === token.slice(2) || said === `a link to ${token.slice(2)}` || !/ |"/.test(said);
  });
  expect(raw).toEqual([]);
});

test.each([
  ["w:invoice", '"invoice"'],
  ["p:passw", '"passw..."'],
  ["f:many-links", "many links"],
  ["c:loan", "it speaks of loans"],
  ["u:p-example", '"example" in a link'],
  ["u:tld-ru", "a link to a .ru name"],
  ["u:bit.ly", "a link to bit.ly"],
  ["u:100.23", "a link to an IP address"],
  ["t:td", 'the HTML element "td"'],
])("the token %s is read as %s", (token, said) => {
  expect(describeToken(token)).toBe(said);
});
