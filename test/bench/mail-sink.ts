/**
 * A mail server that takes everything and keeps nothing, as a process of its own. Arguments: `smtp` or `lmtp`.
 *
 * Tells the parent `{ port }`; asked anything, it answers with what it has taken since it was asked last.
 */
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

export interface Taken {
  readonly mails: number;
  readonly bytes: number;
}

let mails = 0;
let bytes = 0;
const server = new SMTPServer({
  lmtp: process.argv[2] === "lmtp",
  disabledCommands: ["AUTH", "STARTTLS"],
  disableReverseLookup: true,
  onData(stream, _session, callback) {
    stream.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
    });
    stream.on("end", () => {
      mails += 1;
      callback(null);
    });
  },
});
process.on("message", () => {
  process.send?.({ mails, bytes } satisfies Taken);
  mails = 0;
  bytes = 0;
});
process.on("disconnect", () => process.exit());
server.listen(0, "127.0.0.1", () => {
  process.send?.({ port: (server.server.address() as AddressInfo).port });
});
