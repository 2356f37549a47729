import { expect, test } from "vitest";
import { firstForeignHop } from "../src/path/first-foreign-hop.ts";
import { compileSite } from "../src/site/compile-site.ts";
import { dsnReturning, returnedWith, siteOf } from "./samples.ts";

const SITE = compileSite(siteOf({ relays: ["mail.example.com", "192.0.2.0/24"] }));
const find = (header: string | undefined, site = SITE) => firstForeignHop(dsnReturning(returnedWith(header)), site);
const BOT =
  "Received: from bot (dsl-7.isp.example.net [198.51.100.7]) by mx.example.org (Postfix) with SMTP id 1; Fri, 20 Nov 2026 10:00:00 +0000\r\n";

test("the client that the bounced site saw is given as that site saw it", () => {
  const seen = {
    ip: "198.51.100.7",
    helo: "bot",
    name: "dsl-7.isp.example.net",
    by: "mx.example.org",
    line: 1,
    firm: true,
  };
  expect(find(BOT)).toEqual(seen);
  expect(find(BOT, compileSite(siteOf()))).toEqual(seen);
});

test("hops inside the bounced site are passed over; below one that proves nothing the client is not firm", () => {
  const filter = "Received: from localhost (localhost [127.0.0.1]) by mx.example.org (Postfix) with ESMTP id 2\r\n";
  expect(find(filter + BOT)).toMatchObject({ ip: "198.51.100.7", line: 2, firm: false });
});

test("there is none when our relay handed the message over, or when nothing came back", () => {
  expect(find("Received: from x (mail.example.com [192.0.2.1]) by mx.example.org (Postfix) id 1\r\n")).toBeUndefined();
  expect(find(undefined)).toBeUndefined();
});
