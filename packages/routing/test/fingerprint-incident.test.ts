import type { DsnReport } from "@triage/reports";
import { fingerprintIncident } from "@triage/routing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normaliseDiagnostic } from "../src/normalise-diagnostic.ts";
import { remoteOrganisation } from "../src/remote-organisation.ts";
import { dsn, plain, recipient } from "./build.ts";

const address = (localPart: string, domain: string) => ({ kind: "address", localPart, domain }) as const;

const blocked = (diagnostic: string, remoteMta = "mx1.example.net") =>
  fingerprintIncident(dsn({ reason: "blocked", diagnostic, remoteMta }));

/** A report whose returned message is from this sender. */
const sentBy = (from: ReturnType<typeof address>, report: DsnReport): DsnReport => ({
  ...report,
  returned: { ...report.returned, form: "headers", from },
});

describe("the same cause has the same fingerprint", () => {
  const one = blocked("smtp; 550 5.7.1 [192.0.2.1] Blocked, see https://example.net/block?id=a1b2 (AS1234) <4XyZ>");

  test("whatever address, host, number or id the remote server wrote into its answer", () => {
    expect(one).toMatch(/^v2:[0-9a-f]{16}$/);
    expect(blocked("smtp; 550 5.7.1 [198.51.100.7] Blocked, see https://example.net/block?id=zz (AS99) <9pQ>")).toBe(
      one,
    );
  });

  test("whichever of the remote organisation's servers answered, and named itself", () => {
    const text = (host: string) => `smtp; 550 5.7.1 ${host} says: blocked, see https://example.net/`;
    expect(blocked(text("mx2.eu.example.net"), "mx2.eu.example.net")).toBe(
      blocked(text("mail.example.net"), "MX1.example.net."),
    );
  });

  test("whenever it was, and whether the report names the type of its words", () => {
    expect(blocked("550 blocked on Sun, 22 Nov 2026 12:05:09 UTC (try later)")).toBe(
      blocked("x-postfix; 550 blocked on Mon, 7 Dec 2026 01:00:00 GMT (try later)"),
    );
  });

  test("whoever sent it and was to get it, also where the remote names them without a domain", () => {
    const to = (localPart: string) => {
      const text = { reason: "blocked", diagnostic: `550 blocked: ${localPart}`, remoteMta: "mx.example.net" } as const;
      return fingerprintIncident(dsn({ ...text, address: address(localPart, "example.net") }));
    };
    expect(to("eve")).toBe(to("joe"));
  });

  test("however long the variable words are that stand before the others", () => {
    const rest = "rejected by policy of this very long and wordy mail server, ask somebody else for help about it";
    expect(blocked(`550 <${"x".repeat(200)}@example.org> ${rest}`)).toBe(blocked(`550 <j@example.org> ${rest}`));
  });

  test("however many recipients it concerns, in whatever order they stand", () => {
    const a = { reason: "blocked", diagnostic: "550 blocked", remoteMta: "mx.example.net" } as const;
    const b = { reason: "mailbox-full", diagnostic: "552 full", remoteMta: "mx.example.org" } as const;
    expect(fingerprintIncident(dsn(a, b, a, a))).toBe(fingerprintIncident(dsn(b, a)));
  });
});

describe("another cause has another", () => {
  test("another reason, other words, another organisation", () => {
    const one = blocked("550 blocked");
    expect(
      fingerprintIncident(dsn({ reason: "rejected", diagnostic: "550 blocked", remoteMta: "mx1.example.net" })),
    ).not.toBe(one);
    expect(blocked("550 no reverse DNS")).not.toBe(one);
    expect(blocked("550 blocked", "mx1.example.org")).not.toBe(one);
  });

  test("a second cause in the same report is not hidden by the first", () => {
    const a = { reason: "blocked", diagnostic: "550 blocked", remoteMta: "mx.example.net" } as const;
    const b = { reason: "auth-failure", diagnostic: "550 SPF fails", remoteMta: "mx.example.org" } as const;
    expect(fingerprintIncident(dsn(a, b))).not.toBe(fingerprintIncident(dsn(a)));
  });

  test("failures and delays count, not the recipient that was delivered to", () => {
    const failed = { reason: "blocked", diagnostic: "550 blocked", remoteMta: "mx.example.net" } as const;
    const fine = { action: "delivered", reason: "delivered" } as const;
    const slow = { action: "delayed", reason: "network-error" } as const;
    expect(fingerprintIncident(dsn(fine, failed))).toBe(fingerprintIncident(dsn(failed)));
    expect(fingerprintIncident(dsn(slow, failed))).not.toBe(fingerprintIncident(dsn(failed)));
  });

  test("another domain of ours is another one, a host of the same domain is not", () => {
    const report = dsn({ reason: "auth-failure", diagnostic: "550 DMARC", remoteMta: "mx.example.net" });
    const from = (domain: string) => fingerprintIncident(sentBy(address("ann", domain), report));
    expect(from("web2.example.com")).toBe(from("example.com"));
    expect(from("example.org")).not.toBe(from("example.com"));
  });

  test("where the remote names an address of ours, it is about that host, and not about who used it", () => {
    const isOurs = (ip: string) => ip.startsWith("192.0.2.") || ip === "2001:db8::25";
    const from = (domain: string, diagnostic: string) =>
      fingerprintIncident(
        sentBy(address("ann", domain), dsn({ reason: "blocked", diagnostic, remoteMta: "mx.example.net" })),
        isOurs,
      );
    const listed = (ip: string) => `550 5.7.1 [${ip}] is listed`;
    expect(from("example.com", listed("192.0.2.1"))).toBe(from("example.org", listed("192.0.2.1")));
    expect(from("example.com", listed("192.0.2.1"))).not.toBe(from("example.com", listed("192.0.2.2")));
    expect(from("example.com", "550 IPv6 [2001:DB8::25]. is listed")).not.toBe(
      from("example.com", "550 IPv6 [2001:db8::26]. is listed"),
    );
    expect(from("example.com", listed("198.51.100.1"))).toBe(from("example.com", listed("198.51.100.2")));
  });
});

test("what reports no failure has no fingerprint, nor what reports more causes than anybody can follow", () => {
  expect(fingerprintIncident(plain("person"))).toBeUndefined();
  expect(fingerprintIncident(dsn())).toBeUndefined();
  expect(fingerprintIncident(dsn({ action: "delivered", reason: "delivered" }))).toBeUndefined();
  const many = Array.from({ length: 21 }, (_, index) => ({ remoteMta: `mx.example${index}.net` }));
  expect(fingerprintIncident(dsn(...many))).toBeUndefined();
  expect(fingerprintIncident(dsn(...many.slice(1)))).toBeDefined();
});

test("any diagnostic can be normalised, and what is left holds no digit and no address", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (diagnostic) => {
      expect(normaliseDiagnostic(diagnostic)).not.toMatch(/[0-9@]/);
    }),
  );
});

test("ids, numbers, addresses, times and hosts may be any: the words alone say the cause", () => {
  const id = fc.stringMatching(/^[A-Za-z]{0,6}[0-9][A-Za-z0-9]{0,12}$/);
  const ip = fc.ipV4();
  const host = fc.constantFrom("mx.example.net", "a.b.example.net", "relay7.example.net");
  const time = fc.date({ noInvalidDate: true }).map((date) => date.toUTCString());
  fc.assert(
    fc.property(fc.tuple(id, ip, host, time), fc.tuple(id, ip, host, time), (one, other) => {
      const text = ([queueId, address, name, at]: typeof one) =>
        `${name}[${address}] said: 550 ${queueId} refused your message at ${at}, <${queueId}@${name}>`;
      expect(normaliseDiagnostic(text(one))).toBe(normaliseDiagnostic(text(other)));
    }),
  );
});

test("the order of recipients and repeats of them change nothing", () => {
  const anyRecipient = fc
    .record({
      reason: fc.constantFrom("blocked" as const, "mailbox-full" as const, "auth-failure" as const),
      diagnostic: fc.constantFrom("550 blocked", "552 full", "550 SPF"),
    })
    .map((fields) => recipient(fields));
  fc.assert(
    fc.property(fc.array(anyRecipient, { minLength: 1, maxLength: 6 }), (recipients) => {
      const twice = [...recipients, ...recipients].reverse();
      expect(fingerprintIncident(dsn(...twice))).toBe(fingerprintIncident(dsn(...recipients)));
    }),
  );
});

test("the organisation of a host is its registrable part, near enough", () => {
  expect(remoteOrganisation("mx1.mail.example.net")).toBe("example.net");
  expect(remoteOrganisation("mail.example.co.uk")).toBe("example.co.uk");
  expect(remoteOrganisation("MX.Example.DE.")).toBe("example.de");
  expect(remoteOrganisation("mx.abc.de")).toBe("abc.de");
  expect(remoteOrganisation("192.0.2.1")).toBe("");
  expect(remoteOrganisation("[2001:db8::25]")).toBe("");
});
