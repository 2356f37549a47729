import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isInternalIp, parseIp } from "../src/path/ip-address.ts";
import { parseReceived } from "../src/path/received-hop.ts";
import { compileRelays } from "../src/site/relay-set.ts";

const date = "; Fri, 20 Nov 2026 10:00:00 +0000";

describe("who handed over and who received is read from the Received field of", () => {
  test.each([
    [
      "Postfix",
      " from helo.example (mail.example.org [192.0.2.1])\r\n\tby mx.example.net (Postfix) with ESMTPS id 4AbC\r\n\tfor <joe@example.net>",
      { helo: "helo.example", clientName: "mail.example.org", clientIp: "192.0.2.1", by: "mx.example.net", id: "4AbC" },
    ],
    [
      "Postfix, where the address has no confirmed name",
      " from helo.example (unknown [IPv6:2001:DB8::1]) by mx.example.net (Postfix) with ESMTP id 4AbC",
      { helo: "helo.example", clientName: undefined, clientIp: "2001:db8::1" },
    ],
    [
      "Sendmail",
      " from helo.example (IDENT:root@mail.example.org [192.0.2.1]) by mx.example.net (8.14.9/8.14.9) with ESMTP id w2C305EV007094",
      { helo: "helo.example", clientName: "mail.example.org", clientIp: "192.0.2.1", by: "mx.example.net" },
    ],
    [
      "Sendmail, which doubts the name",
      " from helo.example (mail.example.org [192.0.2.1] (may be forged)) by mx.example.net (8.14.9/8.14.9) with ESMTP id w2C",
      { helo: "helo.example", clientName: undefined, clientIp: "192.0.2.1" },
    ],
    [
      "Exim, HELO unlike the name",
      " from mail.example.org ([192.0.2.1]:4711 helo=helo.example) by mx.example.net with esmtps (TLS1.3) (Exim 4.96) id 1aBcDe-0000xx-00",
      { helo: "helo.example", clientName: "mail.example.org", clientIp: "192.0.2.1", by: "mx.example.net" },
    ],
    [
      "Exim, HELO like the name",
      " from mail.example.org ([192.0.2.1]) by mx.example.net with esmtp (Exim 4.96) id 1aBcDe-0000xx-00",
      { helo: "mail.example.org", clientName: "mail.example.org", clientIp: "192.0.2.1" },
    ],
    [
      "Exim, without a name",
      " from [192.0.2.1] (helo=helo.example) by mx.example.net with esmtp (Exim 4.96) id 1aBcDe-0000xx-00",
      { helo: "helo.example", clientName: undefined, clientIp: "192.0.2.1" },
    ],
    [
      "Gmail",
      " from mail.example.org (mail.example.org. [192.0.2.1]) by mx.google.com with ESMTPS id 12si540357pgx.4",
      { helo: "mail.example.org", clientName: "mail.example.org", clientIp: "192.0.2.1", by: "mx.google.com" },
    ],
    [
      "OpenSMTPD, which puts a semicolon before each clause",
      " from mail.example.org (mail.example.org [192.0.2.1]);\r\n\tby mx.example.net (OpenSMTPD) with ESMTP id 9f1c;\r\n\tfor <joe@example.net>",
      { helo: "mail.example.org", clientIp: "192.0.2.1", by: "mx.example.net", id: "9f1c" },
    ],
    [
      "Gmail's own hops",
      " by 2002:a17:90a:3a90:: with SMTP id b16mr1742594pjc.29",
      { helo: undefined, clientIp: undefined, by: undefined, byIp: "2002:a17:90a:3a90::", id: "b16mr1742594pjc.29" },
    ],
    [
      "qmail",
      " from mail.example.org (HELO helo.example) (192.0.2.1) by mx.example.net with SMTP",
      { helo: "helo.example", clientName: "mail.example.org", clientIp: "192.0.2.1", by: "mx.example.net" },
    ],
    [
      "qmail's local steps",
      " (qmail 7120 invoked for bounce)",
      { helo: undefined, clientIp: undefined, by: undefined },
    ],
    [
      "Exchange, which writes the HELO alone",
      " from DENU02.corp.example (10.156.68.14) by DENU03.corp.example (10.10.10.9) with Microsoft SMTP Server (TLS) id 15.0.1367.3",
      {
        helo: "denu02.corp.example",
        clientName: undefined,
        clientIp: "10.156.68.14",
        by: "denu03.corp.example",
        byIp: "10.10.10.9",
      },
    ],
    [
      "Yahoo",
      " from 127.0.0.1 (EHLO mail.example.org) (192.0.2.1) by mta4351.mail.bf1.yahoo.com with SMTPS",
      { helo: "mail.example.org", clientIp: "192.0.2.1", by: "mta4351.mail.bf1.yahoo.com" },
    ],
    [
      "Courier",
      " from mail.example.org ([::ffff:192.0.2.1]) (AUTH: LOGIN ann) by mx.example.net with esmtp id 0000",
      { helo: "mail.example.org", clientName: undefined, clientIp: "192.0.2.1" },
    ],
    [
      "ecelerity, which never closes its comment",
      " from [192.0.2.1] ([192.0.2.1:222] helo=mta-2.example.org) by mx.example.net (envelope-from <a@example.org>) (ecelerity 3.6) with ESMTPS (cipher=AES256 id 22/00",
      { helo: "mta-2.example.org", clientIp: "192.0.2.1", by: "mx.example.net" },
    ],
    [
      "Oracle Messaging Server, which names itself after `from`",
      " from ms02222.example.com (Oracle Communications Messaging Server 8.0) id <0P9200028V08TW00@ms02222.example.com>",
      { by: "ms02222.example.com", id: "0P9200028V08TW00@ms02222.example.com" },
    ],
    ["Indimail", " indimail-mta queue 58965 by host email.example.jp (invoked by alias)", { by: "email.example.jp" }],
    [
      "JetMail, without spaces",
      " from bjmx2.example.net([192.0.2.1]) by btamail.example(JetMail 2.5.3.0) with SMTP id jmb3a800bb6",
      { helo: "bjmx2.example.net", clientIp: "192.0.2.1", by: "btamail.example" },
    ],
  ])("%s", (_, value, hop) => {
    expect(parseReceived(value + date)).toMatchObject(hop);
  });

  test("a field of nothing but noise, without an error", () => {
    for (const value of ["", ";", "((((", "from", "from by with id", "))))", " from ( by ) by", "from [ by ]"]) {
      expect(() => parseReceived(value)).not.toThrow();
    }
  });
});

describe("for every text", () => {
  test("reading a Received field ends, and an address that it gives is one", () => {
    const piece = fc.constantFrom(
      "from",
      "by",
      "with",
      "id",
      " ",
      "(",
      ")",
      "[",
      "]",
      "192.0.2.1",
      "a.example",
      ";",
      "helo=",
      "HELO ",
      "IPv6:",
      "::1",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 40 }).map((parts) => parts.join("")),
        (text) => {
          const { clientIp, byIp } = parseReceived(text);
          for (const ip of [clientIp, byIp]) if (ip !== undefined) expect(isIP(ip)).not.toBe(0);
        },
      ),
    );
  });

  test("an address is found in each spelling of it", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 1, max: 65_535 }), (ip, port) => {
        expect(parseIp(ip)).toBe(ip.toLowerCase());
        if (isIP(ip) === 6 && !ip.includes(".")) expect(parseIp(`IPv6:${ip}`)).toBe(ip.toLowerCase());
        if (isIP(ip) === 4) {
          expect(parseIp(`${ip}:${port}`)).toBe(ip);
          expect(parseIp(`::ffff:${ip}`)).toBe(ip);
        }
      }),
    );
  });
});

test("addresses inside a site are told from those outside", () => {
  for (const ip of [
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "127.0.0.1",
    "100.100.0.1",
    "169.254.1.1",
    "::1",
    "fd00::1",
    "fe80::1",
  ]) {
    expect(isInternalIp(ip)).toBe(true);
  }
  for (const ip of ["192.0.2.1", "172.32.0.1", "8.8.8.8", "2001:db8::1", "2603:10b6::1"])
    expect(isInternalIp(ip)).toBe(false);
});

test("IPv4 networks contain what node:net says they contain", () => {
  fc.assert(
    fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.boolean(), (base, other, prefix, near) => {
      const list = new BlockList();
      list.addSubnet(base, prefix, "ipv4");
      // Half of the addresses are made from the base, so that both answers come up.
      const ip = near ? base.replace(/\d+$/, other.slice(other.lastIndexOf(".") + 1)) : other;
      expect(compileRelays([`${base}/${prefix}`]).hasAddress(ip)).toBe(list.check(ip, "ipv4"));
    }),
  );
});

test("relays are told apart into names, addresses and blocks, and what is no block is a name", () => {
  const relays = compileRelays(["mail.example.com", "192.0.2.1", "2001:db8::/32", "192.0.2.0/99"]);
  expect(relays.hasAddress("192.0.2.1")).toBe(true);
  expect(relays.hasAddress("192.0.2.2")).toBe(false);
  expect(relays.hasAddress("2001:db8::7")).toBe(true);
  expect(relays.hasAddress("2001:db9::7")).toBe(false);
  expect(relays.hasName("mail.example.com")).toBe(true);
  expect(compileRelays(["mail.example.com"]).listsAddresses).toBe(false);
});
