/** A process that starts the embedded database and holds it until it is killed by the test that started it. */
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from "../src/embedded-postgres/embedded-postgres.ts";

const options: EmbeddedPostgresOptions = JSON.parse(process.argv[2] ?? "");
const postgres = await startEmbeddedPostgres(options);
process.stdout.write(`${postgres.pid}\n`);
setInterval(() => {}, 60_000);
