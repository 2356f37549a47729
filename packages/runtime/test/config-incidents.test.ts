import { expect, test } from "vitest";
import { useConfigFiles } from "./config-files.ts";

const { load } = useConfigFiles();

test("failures with one cause are grouped by default; a site may change the times, hide addresses, or switch it off", () => {
  expect(load("").incidents).toEqual({ quietHours: 24, maxDays: 7, addressesShown: 5 });
  expect(load("incidents: { quietHours: 6, addressesShown: 0 }").incidents).toEqual({
    quietHours: 6,
    maxDays: 7,
    addressesShown: 0,
  });
  expect(load("incidents: { enabled: false }").incidents).toBeUndefined();
});

test("a time that makes no sense is refused with the key and the line", () => {
  expect(() => load("incidents:\n  quietHours: 0\n")).toThrow(/:2: incidents.quietHours must be at least 1, not 0/);
});

test("a site may want each doubtful report of a storm", () => {
  expect(load("").storms?.groupDoubtful).toBe(true);
  expect(load("storms: { groupDoubtful: false }").storms?.groupDoubtful).toBe(false);
});
