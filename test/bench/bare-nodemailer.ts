/**
 * nodemailer without the service, as a process of its own: sends the mails that lie in a folder, as fast as it can, by as many
 * connections as an outlet of the service keeps open. Arguments: the folder, `smtp` or `lmtp`, the port.
 *
 * Asked anything, it reads the folder, sends all of them and answers with the milliseconds that it took.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createTransport } from "nodemailer";

/** What `outlet.smtp.pool` is where nothing is configured. */
const POOL = 2;

const [folder = "", protocol, port] = process.argv.slice(2);
const transport = createTransport({
  pool: true,
  host: "127.0.0.1",
  port: Number(port),
  lmtp: protocol === "lmtp",
  ignoreTLS: true,
  maxConnections: POOL,
});
process.on("message", async () => {
  const mails = readdirSync(folder).map((name) => readFileSync(join(folder, name)));
  const envelope = { from: "", to: ["ann@example.com"] };
  const start = performance.now();
  await Promise.all(mails.map((raw) => transport.sendMail({ envelope, raw })));
  process.send?.(performance.now() - start);
});
process.on("disconnect", () => process.exit());
process.send?.("ready");
