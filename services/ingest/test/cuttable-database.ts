import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

export interface CuttableDatabase {
  /** The same database, reached through a connection that can be cut. */
  readonly url: string;
  /** Ends all connections and takes no new ones, as a database that goes down. */
  cut(): Promise<void>;
  restore(): Promise<void>;
}

/** A TCP relay before the real server, which may listen on a socket in a folder. */
export async function makeCuttable(databaseUrl: string): Promise<CuttableDatabase> {
  const target = new URL(databaseUrl);
  const folder = target.searchParams.get("host");
  const port = Number(target.port);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = folder === null ? connect(port, target.hostname) : connect(`${folder}/.s.PGSQL.${port}`);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  const url = new URL(databaseUrl);
  url.searchParams.set("host", "127.0.0.1");
  url.port = String(own);
  return {
    url: url.href,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    restore: () => listen(own),
  };
}
