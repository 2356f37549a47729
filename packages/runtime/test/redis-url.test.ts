import { expect, test } from "vitest";
import { parseRedisUrl } from "../src/queues/redis-client.ts";

const PLAIN = { tls: false, username: undefined, password: undefined, master: undefined, database: 0 };

test("one server, with and without TLS, login, port and database", () => {
  expect(parseRedisUrl("redis://localhost")).toMatchObject({ ...PLAIN, hosts: [{ host: "localhost", port: 6379 }] });
  expect(parseRedisUrl("rediss://user:p%40ss:word@[2001:db8::1]:6380/3")).toMatchObject({
    form: "single",
    tls: true,
    username: "user",
    password: "p@ss:word",
    hosts: [{ host: "2001:db8::1", port: 6380 }],
    database: 3,
  });
  expect(parseRedisUrl("redis://:only-password@h")).toMatchObject({ username: undefined, password: "only-password" });
});

test("Sentinel: several hosts, the name of the master, a database", () => {
  expect(parseRedisUrl("redis+sentinel://:pw@h1:26379,h2/mymaster/2?sentinelPassword=s")).toEqual({
    form: "sentinel",
    tls: false,
    username: undefined,
    password: "pw",
    hosts: [
      { host: "h1", port: 26_379 },
      { host: "h2", port: 26_379 },
    ],
    master: "mymaster",
    database: 2,
    sentinelPassword: "s",
  });
});

test("Cluster: several hosts", () => {
  expect(parseRedisUrl("rediss+cluster://h1:7000,h2:7001")).toMatchObject({
    form: "cluster",
    tls: true,
    hosts: [
      { host: "h1", port: 7000 },
      { host: "h2", port: 7001 },
    ],
  });
});

test("what is none of these is refused", () => {
  for (const text of ["http://h", "redis+sentinel://h1,h2", "redis://h/notanumber", "redis:h", ""]) {
    expect(parseRedisUrl(text)).toBeUndefined();
  }
});
