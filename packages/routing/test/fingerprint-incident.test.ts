import { fingerprintIncident } from "@triage/routing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normaliseDiagnostic, remoteOrganisation } from "../src/fingerprint-incident.ts";
import { dsn, plain } from "./build.ts";

const blocked = (diagnostic: string, remoteMta = "mx1.example.net") =>
  fingerprintIncident(dsn({ reason: "blocked", diagnostic, remoteMta }));

describe("the same cause has the same fingerprint", () => {
  const one = blocked("smtp; 550 5.7.1 [192.0.2.1] Blocked, see https://example.net/block?id=a1b2 (AS1234) <4XyZ>");

  test("whatever address, host, number or id the remote server wrote into its answer", () => {
    expect(one).toMatch(/^v1:[0-9a-f]{16}$/);
    expect(blocked("smtp; 550 5.7.1 [198.51.100.7] Blocked, see https://example.net/block?id=zz (AS99) <9pQ>")).toBe(
      one,
    );
  });

  test("whichever of the remote organisation's servers answered", () => {
    const text = "smtp; 550 5.7.1 [192.0.2.1] blocked, see https://example.net/";
    expect(blocked(text, "mx2.eu.example.net")).toBe(blocked(text, "MX1.example.net."));
  });

  test("whoever the recipient was", () => {
    const text = { reason: "blocked", diagnostic: "550 blocked", remoteMta: "mx.example.net" } as const;
    const other = { kind: "address", localPart: "eve", domain: "example.net" } as const;
    expect(fingerprintIncident(dsn({ ...text, address: other }))).toBe(fingerprintIncident(dsn(text)));
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

  test("the failure counts, not the recipient that was delivered to", () => {
    const failed = { reason: "blocked", diagnostic: "550 blocked", remoteMta: "mx.example.net" } as const;
    const fine = { action: "delivered", reason: "delivered" } as const;
    expect(fingerprintIncident(dsn(fine, failed))).toBe(fingerprintIncident(dsn(failed)));
  });
});

test("what reports no failure has no fingerprint", () => {
  expect(fingerprintIncident(plain("person"))).toBeUndefined();
  expect(fingerprintIncident(dsn())).toBeUndefined();
  expect(fingerprintIncident(dsn({ action: "delivered", reason: "delivered" }))).toBeUndefined();
});

test("any diagnostic can be normalised, and what is left holds no digit and no address", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (diagnostic) => {
      expect(normaliseDiagnostic(diagnostic)).not.toMatch(/[0-9@]/);
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
