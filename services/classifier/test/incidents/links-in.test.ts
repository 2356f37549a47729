import { expect, test } from "vitest";
import { linksIn } from "../../src/incidents/links-in.ts";

test("the pages that a remote names are found, without what stands around them", () => {
  expect(linksIn("550 listed (see https://bl.example/why?ip=192.0.2.1). Or http://help.example/, please")).toEqual([
    "https://bl.example/why?ip=192.0.2.1",
    "http://help.example/",
  ]);
});

test("each page once, and three at most", () => {
  const text = [1, 1, 2, 3, 4].map((page) => `https://bl.example/${page}`).join(" ");
  expect(linksIn(text)).toEqual(["https://bl.example/1", "https://bl.example/2", "https://bl.example/3"]);
});

test.each([
  ["a name in front of the host that is taken for the host", "https://bank.example@evil.example/"],
  ["another scheme", "ftp://files.example/ javascript:alert(1) httpx://a.example/"],
  ["letters that look like others", "https://b\u0430nk.example/"],
  ["a host without a dot", "https://localhost/"],
  ["what is longer than a link should be", `https://a.example/${"x".repeat(300)}`],
])("not shown as a link: %s", (_, text) => {
  expect(linksIn(text)).toEqual([]);
});
