/**
 * Two real Postfixes for stories about provenance: ours sends, signs, and pipes what comes back into the service; theirs
 * takes all mail for remote.example, refuses it then, and sends its own DSN to the reverse-path that it saw.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { API_KEY } from "../support/story.ts";
import { installCommand } from "./installed-command.ts";
import { type Opendkim, startOpendkim } from "./opendkim.ts";
import { type Postfix, startPostfix } from "./postfix.ts";

/** `nobody` on Debian: Postfix hands mail to a pipe as somebody who owns nothing else. */
const NOBODY = { uid: 65_534, gid: 65_534 };

export interface ProvenanceStage {
  readonly ours: Postfix;
  readonly theirs: Postfix;
  readonly opendkim: Opendkim;
  stop(): Promise<void>;
}

export interface ProvenanceStageOptions {
  /** Everybody can look into it; removed by the caller. */
  readonly folder: string;
  /** Where the service will listen. */
  readonly ingestPort: number;
  /** Reverse-path of our mail, and what our Postfix signs it to (BATV). */
  readonly sender: { readonly plain: string; readonly signed: string };
}

export async function startProvenanceStage(options: ProvenanceStageOptions): Promise<ProvenanceStage> {
  const { folder, ingestPort, sender } = options;
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const each of stops.splice(0).reverse()) await each();
  };
  try {
    const opendkim = await startOpendkim({ folder: join(folder, "dkim"), domain: "example.com", selector: "mail" });
    stops.push(opendkim.stop);
    const command = await pipeCommand(folder, ingestPort);
    // Each must know the other's port, so theirs is told where ours listens by a map that is written later.
    const ours = await startOurs(folder, command, opendkim.milter, sender);
    stops.push(ours.stop);
    const theirs = await startTheirs(folder, ours.port);
    stops.push(theirs.stop);
    await writeFile(join(folder, "ours", "routes"), routesOf(theirs.port));
    return { ours, theirs, opendkim, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function pipeCommand(folder: string, ingestPort: number): Promise<string> {
  const keyFile = join(folder, "key");
  await writeFile(keyFile, API_KEY, { mode: 0o644 });
  const program = await installCommand(join(folder, "installed"), NOBODY);
  const pipe = `${process.execPath} ${program} pipe --url http://127.0.0.1:${ingestPort} --key-file ${keyFile}`;
  return `${pipe} --reverse-path $sender --forward-path $original_recipient --queue-id $queue_id`;
}

async function startOurs(
  folder: string,
  command: string,
  milter: string,
  sender: ProvenanceStageOptions["sender"],
): Promise<Postfix> {
  const routes = join(folder, "ours", "routes");
  await mkdir(join(folder, "ours"), { recursive: true });
  await writeFile(routes, routesOf(undefined));
  return startPostfix({
    folder: join(folder, "ours"),
    hostname: "mail.example.com",
    settings: {
      relay_domains: "example.com",
      transport_maps: `regexp:${routes}`,
      // BATV as a site without a filter for it does it: the envelope sender is rewritten, the header From is not.
      sender_canonical_maps: `inline:{ { ${sender.plain} = ${sender.signed} } }`,
      sender_canonical_classes: "envelope_sender",
      smtpd_milters: milter,
      milter_default_action: "tempfail",
    },
    services: [`triage unix - n n - 10 pipe flags=q user=nobody null_sender= argv=${command}`],
  });
}

/** Postfix reads a regexp table when a daemon starts; nothing is routed to theirs before theirs is there. */
function routesOf(theirPort: number | undefined): string {
  const theirs = theirPort === undefined ? "" : `/@remote\\.example$/ smtp:[127.0.0.1]:${theirPort}\n`;
  return `/@example\\.com$/ triage:\n${theirs}`;
}

function startTheirs(folder: string, ourPort: number): Promise<Postfix> {
  return startPostfix({
    folder: join(folder, "theirs"),
    hostname: "mx.remote.example",
    settings: {
      relay_domains: "remote.example",
      transport_maps: `inline:{ { remote.example = refuse: }, { example.com = smtp:[127.0.0.1]:${ourPort} } }`,
    },
    // What error(8) would refuse is refused at RCPT TO already; a program's EX_NOUSER (sysexits.h) comes after the mail was taken.
    services: ["refuse unix - n n - - pipe flags= user=nobody argv=/bin/sh -c {exit 67}"],
  });
}
