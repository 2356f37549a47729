import { type Envelope, NULL_REVERSE_PATH, parseAddress, readMessage } from "@triage/message";
import { expect, test } from "vitest";
import { completeEnvelope } from "../src/complete-envelope.ts";

const UNKNOWN: Envelope = { reversePath: undefined, forwardPaths: [] };
const address = (text: string) => {
  const parsed = parseAddress(text);
  if (parsed === undefined) throw new Error(`not an address: ${text}`);
  return parsed;
};
const complete = (envelope: Envelope, ...fields: string[]) =>
  completeEnvelope(envelope, readMessage(Buffer.from(`${fields.join("\r\n")}\r\n\r\nbody\r\n`)).root.headers);

test("an unknown envelope is taken from the fields that the delivering MTA wrote", () => {
  expect(complete(UNKNOWN, "Return-Path: <>", "Delivered-To: postmaster@example.com")).toEqual({
    reversePath: NULL_REVERSE_PATH,
    forwardPaths: [address("postmaster@example.com")],
  });
});

test("only the topmost Return-Path counts: an MTA prepends its own (RFC 5321 section 4.4)", () => {
  expect(complete(UNKNOWN, "Return-Path: <ann@example.com>", "Return-Path: <>").reversePath).toEqual(
    address("ann@example.com"),
  );
});

test("X-Original-To, which still has the BATV token, stands before Delivered-To", () => {
  const token = "prvs=078668d8b6=joe@example.com";
  const { forwardPaths } = complete(UNKNOWN, "Delivered-To: joe@example.com", `X-Original-To: ${token}`);
  expect(forwardPaths).toEqual([address(token), address("joe@example.com")]);
});

test("a known envelope wins over whatever the header claims, each half on its own", () => {
  const fields = ["Return-Path: <>", "Delivered-To: forged@example.com"];
  const known = { reversePath: address("ann@example.net"), forwardPaths: [address("postmaster@example.com")] };
  expect(complete(known, ...fields)).toEqual(known);
  const half: Envelope = { reversePath: NULL_REVERSE_PATH, forwardPaths: [] };
  expect(complete(half, "Return-Path: <ann@example.net>", "Delivered-To: joe@example.com")).toEqual({
    reversePath: NULL_REVERSE_PATH,
    forwardPaths: [address("joe@example.com")],
  });
});

test("without any of these fields the envelope stays unknown, which is not the null reverse-path", () => {
  expect(complete(UNKNOWN, "From: a@example.net")).toEqual(UNKNOWN);
  expect(complete(UNKNOWN, "Return-Path: nonsense", "Delivered-To: ;;;")).toEqual(UNKNOWN);
});

test("what else is known of the client is kept", () => {
  expect(complete({ ...UNKNOWN, clientIp: "192.0.2.1" }, "Return-Path: <>")).toMatchObject({ clientIp: "192.0.2.1" });
});

test("ten thousand Delivered-To fields are not ten thousand forward-paths", () => {
  const fields = Array.from({ length: 10_000 }, () => "Delivered-To: joe@example.com");
  expect(complete(UNKNOWN, ...fields).forwardPaths.length).toBeLessThanOrEqual(20);
});
