import { type Address, formatAddress } from "@triage/message";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EnvelopeHeaders, readEnvelopeHeaders } from "../src/envelope-headers.ts";

function envelopeOf(headers: EnvelopeHeaders) {
  const reading = readEnvelopeHeaders(headers);
  if (reading.kind === "bad-field") throw new Error(`${reading.field}: ${reading.detail}`);
  return reading;
}
const faultOf = (headers: EnvelopeHeaders) => {
  const reading = readEnvelopeHeaders(headers);
  return reading.kind === "bad-field" ? reading.field : undefined;
};
const address = (localPart: string, domain: string): Address => ({ kind: "address", localPart, domain });

describe("reverse-path", () => {
  test("a missing field is unknown, which is not the null reverse-path", () => {
    expect(envelopeOf({}).envelope.reversePath).toBeUndefined();
    expect(envelopeOf({}).known).toBe(false);
  });

  test.each(["<>", "", " <> "])("%j is the null reverse-path", (value) => {
    expect(envelopeOf({ "x-envelope-from": value })).toMatchObject({
      known: true,
      envelope: { reversePath: { kind: "null" } },
    });
  });

  test.each(["ann@example.com", "<ann@example.com>"])("%j is an address", (value) => {
    expect(envelopeOf({ "x-envelope-from": value }).envelope.reversePath).toEqual(address("ann", "example.com"));
  });

  test.each(["ann", "Ann <ann@example.com>", "a@example.com, b@example.com", "<> <>", "@", "ann@"])(
    "%j is a mistake that names the field",
    (value) => {
      expect(faultOf({ "x-envelope-from": value })).toBe("X-Envelope-From");
    },
  );
});

describe("forward-paths", () => {
  test("may be one, several with commas, or a repeated field", () => {
    const two = [address("a", "example.com"), address("b", "example.com")];
    expect(envelopeOf({ "x-envelope-to": "a@example.com" }).envelope.forwardPaths).toEqual(two.slice(0, 1));
    expect(envelopeOf({ "x-envelope-to": "a@example.com, <b@example.com>" }).envelope.forwardPaths).toEqual(two);
    expect(envelopeOf({ "x-envelope-to": ["a@example.com", "b@example.com"] }).envelope.forwardPaths).toEqual(two);
  });

  test("a comma in a quoted local part does not separate", () => {
    const paths = envelopeOf({ "x-envelope-to": '"a,\\"b"@example.com,c@example.com' }).envelope.forwardPaths;
    expect(paths).toEqual([address('a,"b', "example.com"), address("c", "example.com")]);
  });

  test("postmaster needs no domain, in any case of letters (RFC 5321 section 4.1.1.3); others do", () => {
    expect(envelopeOf({ "x-envelope-to": "<Postmaster>" }).envelope.forwardPaths).toHaveLength(1);
    expect(faultOf({ "x-envelope-to": "joe" })).toBe("X-Envelope-To");
  });

  test.each(["", "a@example.com,", "<>", "a b@example.com", "a@example.com;b@example.com"])(
    "%j is a mistake that names the field",
    (value) => {
      expect(faultOf({ "x-envelope-to": value })).toBe("X-Envelope-To");
    },
  );

  test("more than a thousand are refused", () => {
    const paths = Array.from({ length: 1_001 }, (_, index) => `a${index}@example.com`);
    expect(faultOf({ "x-envelope-to": paths.join(",") })).toBe("X-Envelope-To");
    expect(envelopeOf({ "x-envelope-to": paths.slice(1).join(",") }).envelope.forwardPaths).toHaveLength(1_000);
  });

  test("an address in UTF-8 (RFC 6531) is read as such, although HTTP hands it over as latin1", () => {
    const value = Buffer.from("jürgen@example.com", "utf8").toString("latin1");
    expect(envelopeOf({ "x-envelope-to": value }).envelope.forwardPaths[0]?.localPart).toBe("jürgen");
  });

  test("any list of addresses is read back as it was written", () => {
    const domain = fc.stringMatching(/^[a-z]{1,10}\.[a-z]{2,5}$/);
    const local = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom(..."ab.,;:<>()[] @\"\\'!#") });
    const anyAddress = fc.record({ localPart: local, domain }).map((part) => address(part.localPart, part.domain));
    fc.assert(
      fc.property(fc.array(anyAddress, { minLength: 1, maxLength: 5 }), (addresses) => {
        const value = addresses.map((one) => `<${formatAddress(one)}>`).join(", ");
        expect(envelopeOf({ "x-envelope-to": value }).envelope.forwardPaths).toEqual(addresses);
      }),
    );
  });
});

describe("the client", () => {
  test.each([
    ["192.0.2.1", "192.0.2.1"],
    ["[192.0.2.1]", "192.0.2.1"],
    ["IPv6:2001:db8::1", "2001:db8::1"],
    ["unknown", undefined],
    ["", undefined],
  ])("X-Client-Ip %j is %j", (value, expected) => {
    expect(envelopeOf({ "x-client-ip": value }).envelope.clientIp).toBe(expected);
  });

  test("an X-Client-Ip that is no address is a mistake", () => {
    expect(faultOf({ "x-client-ip": "mail.example.com" })).toBe("X-Client-Ip");
  });

  test("HELO and queue id are kept, cut to a sensible length", () => {
    const { envelope } = envelopeOf({ "x-client-helo": "h".repeat(5_000), "x-queue-id": "4XyZ" });
    expect(envelope.clientHelo).toHaveLength(255);
    expect(envelope.queueId).toBe("4XyZ");
  });
});

test("nothing that a client can send makes reading throw", () => {
  const value = fc.option(fc.string({ unit: fc.constantFrom(...'<>@,"\\:;[]() a.\xff\xc3\xbc'), maxLength: 40 }), {
    nil: undefined,
  });
  fc.assert(
    fc.property(value, value, value, (from, to, ip) => {
      readEnvelopeHeaders({ "x-envelope-from": from, "x-envelope-to": to, "x-client-ip": ip });
    }),
  );
});
