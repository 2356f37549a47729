/** The words of `triage incidents`; what they do is loaded when it is asked for. */
import type { IncidentKind, IncidentView } from "@triage/contracts";
import { type Command, Option } from "commander";

const API_URL = "http://127.0.0.1:8025";

/** Written out, checked against the types: `triage pipe` must start without the contracts. */
const STATES: Readonly<Record<IncidentView["state"], true>> = { open: true, closed: true };
const KINDS: Readonly<Record<IncidentKind, true>> = { storm: true, failure: true, flood: true, alert: true };

export function addIncidents(program: Command, done: (exitCode: number) => void): void {
  const command = program
    .command("incidents")
    .description("many messages with one cause (storms, failures, floods) and alerts: look at them, close them");
  throughApi(command.command("list"))
    .description("newest first, a hundred at most")
    .addOption(new Option("--state <state>", "those that go on, or those that are over").choices(Object.keys(STATES)))
    .addOption(new Option("--kind <kind>", "what they are about").choices(Object.keys(KINDS)))
    .action(async (options) => {
      const { listIncidentsCommand } = await import("./incident-commands.ts");
      done(await listIncidentsCommand(options));
    });
  throughApi(command.command("show"))
    .description("one of them: what is known of it, what was told of it, and its first messages")
    .argument("<id>", "id of the incident")
    .action(async (id: string, options) => {
      const { showIncidentCommand } = await import("./incident-commands.ts");
      done(await showIncidentCommand(id, options));
    });
  throughApi(command.command("close"))
    .description("it is over: the next message of its cause begins a new one")
    .argument("<id>", "id of the incident")
    .action(async (id: string, options) => {
      const { closeIncidentCommand } = await import("./incident-commands.ts");
      done(await closeIncidentCommand(id, options));
    });
}

function throughApi(command: Command): Command {
  return command
    .option("--url <url>", "the ingest service", API_URL)
    .option("--key-file <file>", "file that holds the API key (else $TRIAGE_API_KEY, else the one in ./data)")
    .option("--json", "the answer of the service as it is", false);
}
