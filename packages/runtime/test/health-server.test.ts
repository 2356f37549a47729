import { createMetrics, ListenError, startHealthServer } from "@triage/runtime";
import { afterEach, expect, test } from "vitest";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function start(ready: () => Promise<void> = async () => {}) {
  const metrics = createMetrics({ processMetrics: false });
  const server = await startHealthServer({ host: "127.0.0.1", port: 0, metrics, ready });
  open.push(server);
  return { url: server.url, metrics };
}

test("a living process is healthy, even when it cannot work", async () => {
  const { url } = await start(() => Promise.reject(new Error("no database")));
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const ready = await fetch(`${url}/readyz`);
  expect([ready.status, await ready.text()]).toEqual([503, "not ready: no database\n"]);
});

test("it is ready when everything that it needs answers", async () => {
  const { url } = await start();
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test("metrics are in the text format of Prometheus", async () => {
  const { url, metrics } = await start();
  metrics.deadLetters.set(2);
  const answer = await fetch(`${url}/metrics`);
  expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  expect(await answer.text()).toContain("triage_dead_letters 2");
});

test("another path tells which ones there are", async () => {
  const { url } = await start();
  const answer = await fetch(`${url}/`);
  expect([answer.status, await answer.text()]).toEqual([404, "/healthz /readyz /metrics\n"]);
});

test("a taken port is one clear sentence", async () => {
  const { url } = await start();
  const port = Number(new URL(url).port);
  const second = startHealthServer({ host: "127.0.0.1", port, metrics: createMetrics(), ready: async () => {} });
  await expect(second).rejects.toThrow(ListenError);
  await expect(second).rejects.toThrow(
    `Cannot listen on 127.0.0.1 port ${port}: another program uses it; stop that program or choose another port with PORT.`,
  );
});
