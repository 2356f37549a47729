import { readMessage } from "@triage/message";
import MailComposer from "nodemailer/lib/mail-composer";
import { expect, test } from "vitest";
import { headerTo, recipientWithoutAddress } from "../src/humans/without-address.ts";

test("a human without an address is recorded by id, and is an empty group in To (RFC 5322 section 3.4)", async () => {
  const recipient = recipientWithoutAddress("noc-chat");
  expect(recipient).toBe("human:noc-chat");
  const to = headerTo([recipient, "ann@example.com"]);
  const mail = new MailComposer({ from: "triage@example.com", to: [...to], text: "hi" });
  const { headers } = readMessage(await mail.compile().build()).root;
  expect(headers.text("to")).toBe('"noc-chat":;, ann@example.com');
});
