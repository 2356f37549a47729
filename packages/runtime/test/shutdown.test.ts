import { CloseStack, createLog, Shutdown } from "@triage/runtime";
import { expect, test, vi } from "vitest";

const log = createLog({ level: "silent" });

function start(close: () => Promise<void>, timeoutMs?: number) {
  const codes: number[] = [];
  let done: () => void = () => {};
  const exited = new Promise<void>((resolve) => {
    done = resolve;
  });
  const exit = (code: number) => {
    codes.push(code);
    done();
  };
  const shutdown = new Shutdown({ close, log, exit, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
  return { shutdown, codes, exited };
}

test("a signal closes everything and ends with code 0", async () => {
  let closed = 0;
  const { shutdown, codes, exited } = start(async () => void closed++);
  shutdown.ask("SIGTERM");
  await exited;
  expect([closed, codes]).toEqual([1, [0]]);
});

test("the exit code tells when not everything could be closed", async () => {
  const { shutdown, codes, exited } = start(() => Promise.reject(new Error("the port is gone")));
  shutdown.ask("SIGINT");
  await exited;
  expect(codes).toEqual([1]);
});

test("after the timeout the process ends whatever still hangs", async () => {
  const { shutdown, codes, exited } = start(() => new Promise(() => {}), 1);
  shutdown.ask("SIGTERM");
  await exited;
  expect(codes).toEqual([1]);
});

test("the same Ctrl-C passed on by npm is one wish; a later second one ends the process at once", async () => {
  const clock = vi.spyOn(performance, "now");
  const { shutdown, codes } = start(() => new Promise(() => {}));
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

test("what was opened last is closed first, each thing once", async () => {
  const closed: string[] = [];
  const stack = new CloseStack();
  for (const name of ["database", "queues", "http"]) stack.add(name, async () => void closed.push(name));
  await Promise.all([stack.close(), stack.close()]);
  expect(closed).toEqual(["http", "queues", "database"]);
});

test("what cannot be closed keeps nothing else open", async () => {
  let databaseClosed = false;
  const stack = new CloseStack();
  stack.add("database", async () => {
    databaseClosed = true;
  });
  stack.add("http", () => Promise.reject(new Error("the port is gone")));
  await expect(stack.close()).rejects.toThrow("Could not be closed: http");
  expect(databaseClosed).toBe(true);
});
