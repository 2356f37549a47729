import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { ROLES } from "@triage/standalone";
import { describe, expect, test } from "vitest";
import { findFreePort } from "../../../test/support/free-port.ts";
import { useDatabase } from "../../../test/support/use-database.ts";
import { useRedis } from "../../../test/support/use-redis.ts";

const database = useDatabase();
const redis = useRedis();
const script = fileURLToPath(new URL("role-runner.ts", import.meta.url));

function run(role: string, env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ["--conditions=triage-source", "--import", "tsx", script, role], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = once(child, "close").then(([code]) => ({ code: Number(code), errors }));
  return { child, ended };
}

test.each(ROLES)(
  "%s on its own is healthy, ready and measured on its port, and ends with code 0 on SIGTERM",
  async (role) => {
    const port = await findFreePort();
    const { child, ended } = run(role, {
      PORT: String(port),
      DATABASE_URL: database.url,
      REDIS_URL: redis.url,
      TRIAGE_API_KEY: "key",
    });
    const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`);
    const status = (path: string) =>
      get(path).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(() => status("/readyz"), { timeout: 120_000 }).toBe(200);
    expect(await status("/healthz")).toBe(200);
    expect(await (await get("/metrics")).text()).toContain('triage_queue_jobs{queue="classify",state="waiting"} 0');
    child.kill("SIGTERM");
    expect(await ended).toEqual({ code: 0, errors: "" });
  },
);

describe("a role that cannot start says so in one sentence, without a password", () => {
  const role = "classifier";

  test("no database is configured", async () => {
    const { ended } = run(role, {});
    expect(await ended).toEqual({
      code: 1,
      errors: `triage run ${role}: environment: DATABASE_URL must be set for ${role} on its own: the PostgreSQL that all roles share (only npm start brings its own)\n`,
    });
  });

  test("the database cannot be reached", async () => {
    const { ended } = run(role, { DATABASE_URL: "postgresql://triage:s3cret@127.0.0.1:1/triage" });
    const { code, errors } = await ended;
    expect(code).toBe(1);
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect(errors).not.toContain("s3cret");
  });

  test("Redis cannot be reached", async () => {
    const { ended } = run(role, { DATABASE_URL: database.url, REDIS_URL: "redis://:s3cret@127.0.0.1:1" });
    const { code, errors } = await ended;
    expect(code).toBe(1);
    expect(errors).toMatch(/Redis.*127\.0\.0\.1:1/);
    expect(errors.trim().split("\n")).toHaveLength(1);
    expect(errors).not.toContain("s3cret");
  });
});
