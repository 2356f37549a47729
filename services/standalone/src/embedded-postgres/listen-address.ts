/** Where the server listens, and the URL that leads there. Nobody but this machine can reach it. */
import { createServer } from "node:net";
import { join } from "node:path";
import { TRIAGE_ROLE } from "./cluster.ts";
import { type Postmaster, SOCKET_PORT } from "./postmaster.ts";

/** LIMIT: sockaddr_un takes 108 bytes on Linux, 104 on macOS, with the final zero. */
const MAX_SOCKET_PATH_BYTES = 103;

/**
 * A socket inside the private folder, or, where its path is too long for one, a port of the loopback interface.
 *
 * @param port  undefined: any free one.
 * @returns     Lines for postgresql.conf.
 */
export async function listenSettings(clusterPath: string, port: number | undefined): Promise<string> {
  const socketPath = join(clusterPath, `.s.PGSQL.${SOCKET_PORT}`);
  const usable = process.platform !== "win32" && /^[\w./@+ -]+$/.test(socketPath);
  if (usable && Buffer.byteLength(socketPath) <= MAX_SOCKET_PATH_BYTES) {
    return `listen_addresses = ''\nunix_socket_directories = '"${clusterPath}"'\nport = ${SOCKET_PORT}\n`;
  }
  return `listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\nport = ${port ?? (await findFreePort())}\n`;
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/** The password is in it. */
export function databaseUrl(postmaster: Postmaster, password: string): string {
  const login = `${TRIAGE_ROLE}:${encodeURIComponent(password)}`;
  if (postmaster.socketDir === "") return `postgresql://${login}@127.0.0.1:${postmaster.port}/${TRIAGE_ROLE}`;
  return `postgresql://${login}@localhost:${postmaster.port}/${TRIAGE_ROLE}?host=${encodeURIComponent(postmaster.socketDir)}`;
}
