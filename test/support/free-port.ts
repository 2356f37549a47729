import { createServer } from "node:net";

/**
 * Below the ports that systems give to outgoing connections (32768 and up on Linux, 49152 elsewhere): none of the many that tests
 * open takes the port before its owner does, or while that one is started again. 10,000 more is the bus of a Redis Cluster.
 */
const [FIRST_PORT, LAST_PORT] = [11_000, 22_000];
/** LIMIT: so many that are taken in a row say that something else is wrong. */
const ATTEMPTS = 100;

/** A port of the loopback interface that nobody uses now. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${FIRST_PORT} and ${LAST_PORT}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
