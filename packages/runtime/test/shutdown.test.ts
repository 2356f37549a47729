import { createLog, Shutdown } from "@triage/runtime";
import { expect, test, vi } from "vitest";

const log = createLog({ level: "silent" });

function exitRecorder() {
  const codes: number[] = [];
  let done: () => void = () => {};
  const exited = new Promise<void>((resolve) => {
    done = resolve;
  });
  return {
    codes,
    exited,
    exit: (code: number) => {
      codes.push(code);
      done();
    },
  };
}

test("a signal closes the last opened thing first and ends with code 0", async () => {
  const { codes, exited, exit } = exitRecorder();
  const closed: string[] = [];
  const shutdown = new Shutdown({ log, exit });
  for (const name of ["database", "queues", "http"]) shutdown.add(name, async () => void closed.push(name));
  shutdown.ask("SIGTERM");
  await exited;
  expect(closed).toEqual(["http", "queues", "database"]);
  expect(codes).toEqual([0]);
});

test("a step that fails keeps nothing else open, and the exit code tells", async () => {
  const { codes, exited, exit } = exitRecorder();
  let databaseClosed = false;
  const shutdown = new Shutdown({ log, exit });
  shutdown.add("database", async () => {
    databaseClosed = true;
  });
  shutdown.add("http", () => Promise.reject(new Error("port is gone")));
  shutdown.ask("SIGINT");
  await exited;
  expect(databaseClosed).toBe(true);
  expect(codes).toEqual([1]);
});

test("after the timeout the process ends whatever still hangs", async () => {
  const { codes, exited, exit } = exitRecorder();
  const shutdown = new Shutdown({ log, exit, timeoutMs: 1 });
  shutdown.add("a worker that never finishes", () => new Promise(() => {}));
  shutdown.ask("SIGTERM");
  await exited;
  expect(codes).toEqual([1]);
});

test("the same Ctrl-C passed on by npm is one wish; a later second one ends the process at once", async () => {
  const clock = vi.spyOn(performance, "now");
  const { codes, exit } = exitRecorder();
  const shutdown = new Shutdown({ log, exit });
  shutdown.add("a slow delivery", () => new Promise(() => {}));
  clock.mockReturnValue(10_000);
  shutdown.ask("SIGINT");
  clock.mockReturnValue(10_020);
  shutdown.ask("SIGINT");
  expect(codes).toEqual([]);
  clock.mockReturnValue(13_000);
  shutdown.ask("SIGINT");
  expect(codes).toEqual([1]);
  clock.mockRestore();
});
