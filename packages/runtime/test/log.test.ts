import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { createLog, redactAddress, redactUrl } from "@triage/runtime";
import { expect, test } from "vitest";

function collect(options: { pretty?: boolean } = {}) {
  const lines: string[] = [];
  const log = createLog({ ...options, service: "ingest", destination: { write: (line) => void lines.push(line) } });
  return { lines, log };
}

test("an address is logged as its domain only", () => {
  expect(redactAddress("ann+private@Example.COM")).toBe("*@example.com");
  expect(redactAddress("<ann@example.com>")).toBe("*@example.com");
  expect(redactAddress("<>")).toBe("<>");
  expect(redactAddress("")).toBe("<>");
  expect(redactAddress("not an address")).toBe("*");
});

test("a connection is logged without its user, password and parameters", () => {
  expect(redactUrl("postgresql://triage:s3cr@t@db.example.com:5432/triage?password=x")).toBe(
    "postgresql://db.example.com:5432/triage",
  );
  expect(redactUrl("redis+sentinel://:pw@h1:26379,h2:26379/mymaster")).toBe(
    "redis+sentinel://h1:26379,h2:26379/mymaster",
  );
  expect(redactUrl("gibberish with a password")).toBe("***");
});

test("machines get one JSON line with time, level, service and message", () => {
  const { lines, log } = collect();
  log.info({ messageId: "0198" }, "classified");
  expect(JSON.parse(lines.join(""))).toMatchObject({
    level: "info",
    service: "ingest",
    message: "classified",
    messageId: "0198",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
});

test("a person at a terminal gets one short line", () => {
  const { lines, log } = collect({ pretty: true });
  log.warn({ messageId: "0198", err: new Error("no route to host") }, "could not deliver");
  expect(lines.join("")).toMatch(
    /^\d\d:\d\d:\d\d warn {2}ingest: could not deliver messageId=0198 err="no route to host"\n$/,
  );
});

test("a key that slips into a line is blotted out", () => {
  const { lines, log } = collect();
  log.info({ apiKey: "s3cret", headers: { authorization: "Bearer s3cret" } }, "started");
  expect(lines.join("")).not.toContain("s3cret");
});

test.runIf(existsSync("/dev/full"))(
  "a disk that is full keeps the log from being written, not the role from working",
  async () => {
    const { href } = new URL("../src/log.ts", import.meta.url);
    const script = `import { createLog } from ${JSON.stringify(href)};
    const log = createLog();
    for (let line = 0; line < 3; line++) log.info({ padding: "x".repeat(1e6) }, "line");
    process.stderr.write("still here");`;
    const node = [
      process.execPath,
      "--conditions=triage-source",
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      script,
    ];
    const { stderr } = await promisify(execFile)("/bin/sh", ["-c", 'exec "$@" > /dev/full', "sh", ...node]);
    expect(stderr).toBe("still here");
  },
);
