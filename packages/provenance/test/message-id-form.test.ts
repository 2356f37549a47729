import fc from "fast-check";
import { expect, test } from "vitest";
import { compileMessageIdForm } from "../src/path/message-id-form.ts";
import { dsnReturning, evidenceOf, returnedWith, siteOf } from "./samples.ts";

test.each([
  ["postfix", "20261122120000.4AbC1F2Dz@mail.example.com"],
  ["postfix", "20261122120000.2499E64B6@mail.example.com"],
  ["exim", "E1aBcDe-0000xx-00@mail.example.com"],
  ["exim", "E1tBcDe-00000000abc-1xyZ@mail.example.com"],
  ["sendmail", "202611221200.4AMC01aB012345@mail.example.com"],
  ["qmail", "20261122120000.44481.qmail@mail.example.com"],
  ["*.crm@example.com", "abc.CRM@example.com"],
  ["crm-*-*@*", "crm-1-2@example.com"],
  ["1@example.com", "1@example.com"],
])("%s knows its own: %s", (form, id) => {
  expect(compileMessageIdForm(form)(id)).toBe(true);
});

test.each([
  ["postfix", "5f3c9a1e-77@example.com"],
  ["exim", "1aBcDe-0000xx-00@mail.example.com"],
  ["*.crm@example.com", "abc.crm@example.com.evil.example"],
  ["ab*ba@x", "aba@x"],
])("%s does not take another form for its own: %s", (form, id) => {
  expect(compileMessageIdForm(form)(id)).toBe(false);
});

test("whatever stands for the stars of a pattern fits it", () => {
  const word = fc.stringMatching(/^[a-z0-9]{0,8}$/);
  fc.assert(
    fc.property(word, word, word, (first, second, third) => {
      expect(compileMessageIdForm("a*-*.x@*")(`a${first}-${second}.x@${third}`)).toBe(true);
    }),
  );
});

test("an id of our domain counts fully in a form of our servers, and softly in another", async () => {
  const site = siteOf({ messageIdDomains: ["example.com"], messageIdForms: ["exim", "*.crm@example.com"] });
  const judge = (id: string) =>
    evidenceOf("message-id-domain", { site, report: dsnReturning(returnedWith(`Message-ID: ${id}\r\n`)) });
  for (const id of ["<E1aBcDe-0000xx-00@example.com>", "<7.crm@example.com>"]) {
    const found = await judge(id);
    expect(found.outcome).toBe("pass");
    expect(found.strength).toBeUndefined();
  }
  expect(await judge("<7@example.com>")).toMatchObject({ outcome: "pass", strength: "soft" });
});
