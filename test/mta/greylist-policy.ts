/**
 * A greylist, as Postfix asks one (SMTPD_POLICY_README, `check_policy_service`): who comes for the first time is told to come
 * again, as RFC 6647 section 3 describes it.
 */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";

export interface Greylist {
  /** For main.cf. */
  readonly restriction: string;
  /** How often it said "later", by recipient. */
  readonly deferred: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** @param recipients  Those it is asked to protect; the others pass. */
export async function startGreylist(recipients: readonly string[]): Promise<Greylist> {
  const deferred = new Map<string, number>();
  const sockets = new Set<Socket>();
  const answerTo = (recipient: string) => {
    if (!recipients.includes(recipient) || deferred.has(recipient)) return "DUNNO";
    deferred.set(recipient, (deferred.get(recipient) ?? 0) + 1);
    return "DEFER_IF_PERMIT 4.2.0 Greylisted, see http://postgrey.example/help";
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    let request = "";
    socket.setEncoding("utf8").on("data", (chunk) => {
      request += chunk;
      // One request is lines `name=value` up to an empty one; Postfix waits for the answer before it asks again.
      if (!request.endsWith("\n\n")) return;
      const recipient = /^recipient=(.*)$/m.exec(request)?.[1] ?? "";
      request = "";
      socket.write(`action=${answerTo(recipient)}\n\n`);
    });
    socket.on("error", () => socket.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    restriction: `check_policy_service inet:127.0.0.1:${port}`,
    deferred,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
