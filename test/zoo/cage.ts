/**
 * One MTA of the zoo at work. Runs as the first process of namespaces of its own (`zoo.ts` makes them): when it ends, the
 * kernel ends all that it started, and its mounts and networks are gone.
 *
 * There are two hosts. This process is the world: the name server, the servers of all receivers, the client. The MTA has
 * a network of its own, joined to the world by a cable, and a root of its own: an overlay of the machine's, its package
 * and its configuration. So it runs as installed, on port 25, with MX look-ups, and touches nothing outside.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { MTA_ADDRESS, MTA_HOST, type Mta, SMARTHOST_ADDRESS } from "./mta.ts";
import { MTAS } from "./mtas/index.ts";
import { startNameServer, type Zone } from "./name-server.ts";
import type { Outcome } from "./outcome.ts";
import { type ReceivedMail, startRemoteServer } from "./remote-server.ts";
import { addressOf, reportedTo, SCENARIOS, type Scenario, senderOf } from "./scenarios.ts";
import { CLIENT_ADDRESS, messageOf, submit } from "./submit.ts";

const NAME_SERVER_ADDRESS = "192.0.2.53";
const SINK_ADDRESS = "192.0.2.25";
/** A place of the cage's own mount namespace, which the packages leave alone. */
const BOX = "/mnt";
const ROOT = join(BOX, "root");
/** The longest that an MTA gets for all scenarios: its slowest retry schedule, and a busy machine. */
const LONGEST_MS = 110_000;
/** Longer than from any MTA's warning to its giving up: when every scenario has a report and no other came, it is done. */
const QUIET_MS = 16_000;
const TURN_MS = 2_000;

const [name = "", folder = "", logPath = ""] = process.argv.slice(2);
const mta = MTAS.find((one) => one.name === name);
if (mta === undefined) throw new Error(`no MTA ${name} in the zoo`);
const scenarios = SCENARIOS.filter(({ postmaster }) => postmaster === undefined || mta.tellsPostmaster === true);
process.stdout.write(`${JSON.stringify(await keep(mta, folder))}\n`);
process.exit(0);

async function keep(mta: Mta, folder: string): Promise<readonly Outcome[]> {
  await buildRoot(mta, folder);
  const box = await joinNetworks();
  const reports = new Map(scenarios.map((scenario) => [reportedTo(scenario), [] as ReceivedMail[]]));
  await startWorld(mta, (mail) => {
    for (const path of mail.forwardPaths) reports.get(path.replace(/^"(.*)"@/, "$1@"))?.push(mail);
  });
  const log = createWriteStream(logPath);
  log.on("error", () => undefined);
  const daemon = inBox(box, mta.start);
  daemon.stdout?.pipe(log, { end: false });
  daemon.stderr?.pipe(log, { end: false });
  daemon.stdin?.end();
  if (mta.listens) await untilItListens(box);
  const refusals = await submitAll(mta, box);
  await untilAllReported(mta, box, refusals, reports);
  return scenarios.map((scenario) => ({
    scenario: scenario.id,
    why: refusals.get(scenario.id) ?? mta.lacks[scenario.id],
    reports: kept(scenario, reports.get(reportedTo(scenario)) ?? []),
  }));
}

/** Of what the postmaster is told, two of a kind are enough: Postfix sends transcripts and copies under one name. */
function kept({ postmaster }: Scenario, mails: readonly ReceivedMail[]): Outcome["reports"] {
  const some = postmaster === undefined ? mails : mails.slice(0, 2);
  return some.map(({ reversePath, raw }) => ({ reversePath, raw: raw.toString("base64") }));
}

/** The machine's own root below, the package above it, and a layer in memory for all that is written. */
async function buildRoot(mta: Mta, folder: string): Promise<void> {
  // QUIRK(overlayfs): a layer must not lie within another one, so the package is copied out of the machine's root.
  await shell(`mount -t tmpfs tmpfs ${BOX}; mkdir ${BOX}/upper ${BOX}/work ${ROOT}; cp -a ${folder} ${BOX}/package
    mount -t overlay overlay -o lowerdir=${BOX}/package:/,upperdir=${BOX}/upper,workdir=${BOX}/work ${ROOT}
    mount -t proc proc ${ROOT}/proc; mount --rbind /dev ${ROOT}/dev; mount -t tmpfs tmpfs ${ROOT}/run; mount -t tmpfs tmpfs ${ROOT}/tmp
    chmod 1777 ${ROOT}/tmp; hostname ${MTA_HOST}`);
  const files = {
    "/etc/resolv.conf": `nameserver ${NAME_SERVER_ADDRESS}\n`,
    "/etc/hosts": `127.0.0.1 localhost\n${MTA_ADDRESS} ${MTA_HOST} mail\n`,
    "/etc/hostname": `${MTA_HOST}\n`,
    "/etc/mailname": "example.org\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n",
    ...mta.files,
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    await writeFile(join(ROOT, path), content, { mode: content.startsWith("#!") ? 0o755 : 0o644 });
  }
  // The number must be free: those of installed MTAs are below 1,000.
  for (const [index, user] of [...mta.users, "ann"].entries()) {
    const id = 4_000 + index;
    await appendFile(join(ROOT, "etc/passwd"), `${user}:x:${id}:${id}::/var/spool/zoo-${user}:/bin/sh\n`);
    await appendFile(join(ROOT, "etc/group"), `${user}:x:${id}:\n`);
    await shell(`mkdir -p ${ROOT}/var/spool/zoo-${user}; chown ${id}:${id} ${ROOT}/var/spool/zoo-${user}`);
  }
}

/** @returns The process whose network is the MTA's. */
async function joinNetworks(): Promise<ChildProcess> {
  const box = spawn("unshare", ["--net", "sh", "-c", "echo ready; exec sleep infinity"]);
  await once(box.stdout, "data");
  await shell(`ip link set lo up; ip link add world type veth peer name eth0; ip link set eth0 netns ${box.pid}
    for address in ${CLIENT_ADDRESS} ${SINK_ADDRESS} ${NAME_SERVER_ADDRESS} ${SMARTHOST_ADDRESS}; do ip addr add $address/32 dev world; done
    for host in $(seq 10 60); do ip addr add 203.0.113.$host/32 dev world; done
    ip link set world up; ip route add ${MTA_ADDRESS} dev world
    nsenter --net=/proc/${box.pid}/ns/net sh -ec 'ip link set lo up; ip addr add ${MTA_ADDRESS}/32 dev eth0; ip link set eth0 up
      ip route add default dev eth0'`);
  return box;
}

async function startWorld(mta: Mta, onReport: (mail: ReceivedMail) => void): Promise<void> {
  const destinations = SCENARIOS.flatMap((scenario) => Object.entries(scenario.destinations));
  const hosts = new Map([
    [MTA_HOST, MTA_ADDRESS],
    ["mx.example.com", SINK_ADDRESS],
    ["app.example.com", CLIENT_ADDRESS],
    ["smarthost.example.com", SMARTHOST_ADDRESS],
  ]);
  const mailHosts = new Map([
    ["example.com", "mx.example.com"],
    ["example.org", MTA_HOST],
  ]);
  const broken = new Set<string>();
  for (const [domain, { kind }] of destinations) {
    if (kind === "dns-failure") broken.add(domain);
    else if (kind === "null-mx") mailHosts.set(domain, "");
    else if (kind === "ourselves") mailHosts.set(domain, MTA_HOST);
    else if (kind !== "no-domain") {
      mailHosts.set(domain, `mx.${domain}`);
      hosts.set(`mx.${domain}`, addressOf(domain));
    }
  }
  const zone: Zone = { hosts, mailHosts, broken };
  await startNameServer(NAME_SERVER_ADDRESS, zone);
  await startRemoteServer({
    address: SINK_ADDRESS,
    name: "mx.example.com",
    script: { extensions: ["SMTPUTF8"] },
    onMail: onReport,
  });
  let allRecipients = {};
  for (const [domain, destination] of destinations) {
    if (destination.kind !== "server") continue;
    const { script } = destination;
    allRecipients = { ...allRecipients, ...script.rcpt };
    await startRemoteServer({ address: addressOf(domain), name: `mx.${domain}`, script });
  }
  if (mta.usesSmarthost !== true) return;
  // It takes the reports, too, as they go the same way.
  const script = { rcpt: allRecipients };
  await startRemoteServer({ address: SMARTHOST_ADDRESS, name: "smarthost.example.com", script, onMail: onReport });
}

async function untilItListens(box: ChildProcess): Promise<void> {
  const begin = performance.now();
  while (performance.now() - begin < 20_000) {
    const probe = inBox(box, `exec 3<>/dev/tcp/${MTA_ADDRESS}/25 && head -c 4 <&3`, "bash");
    if ((await text(probe.stdout ?? process.stdin)).startsWith("220")) return;
    await wait(300);
  }
  throw new Error(`${name} does not listen; see its log`);
}

/** @returns Why the MTA did not take a message, by scenario. */
async function submitAll(mta: Mta, box: ChildProcess): Promise<Map<string, string>> {
  const refusals = new Map<string, string>();
  for (const scenario of scenarios) {
    if (scenario.id in mta.lacks || scenario.recipients.length === 0) continue;
    if (mta.usesSmarthost === true && !isRefusedAtRcpt(scenario)) {
      refusals.set(scenario.id, "not for it to find out, but for its smarthost");
      continue;
    }
    const date = new Date();
    const overSmtp = mta.listens && scenario.local !== true;
    const refusal = overSmtp
      ? await submit(scenario, mta.forwards?.(scenario) ?? scenario.recipients, date).catch(
          (error: unknown) => `submission failed: ${error}`,
        )
      : await runSendmail(mta, box, scenario, date);
    if (refusal !== undefined) refusals.set(scenario.id, refusal);
  }
  return refusals;
}

function isRefusedAtRcpt({ destinations }: Scenario): boolean {
  return Object.values(destinations).some((one) => one.kind === "server" && one.script.rcpt !== undefined);
}

async function runSendmail(mta: Mta, box: ChildProcess, scenario: Scenario, date: Date): Promise<string | undefined> {
  if (scenario.mailParameters !== undefined || scenario.recipientParameters !== undefined) {
    return "its sendmail command has no DSN or SMTPUTF8 parameters";
  }
  const child = inBox(
    box,
    `SENDER='${senderOf(scenario)}'; RECIPIENTS='${scenario.recipients.join(" ")}'; ${mta.sendmail}`,
  );
  child.stdin?.end(messageOf(scenario, date).replaceAll("\r\n", "\n"));
  const [output, [code]] = await Promise.all([text(child.stderr ?? process.stdin), once(child, "close")]);
  return code === 0 ? undefined : `refused by its sendmail command (${code}): ${output.trim()}`;
}

async function untilAllReported(
  mta: Mta,
  box: ChildProcess,
  refusals: ReadonlyMap<string, string>,
  reports: ReadonlyMap<string, readonly ReceivedMail[]>,
): Promise<void> {
  const awaited = scenarios.filter((scenario) => !(scenario.id in mta.lacks) && !refusals.has(scenario.id));
  const countOf = (scenario: Scenario) => reports.get(reportedTo(scenario))?.length ?? 0;
  const begin = performance.now();
  let lastReport = begin;
  let count = 0;
  for (let now = begin; now - begin < LONGEST_MS; now = performance.now()) {
    const soFar = awaited.reduce((sum, scenario) => sum + countOf(scenario), 0);
    if (soFar > count) lastReport = now;
    count = soFar;
    if (now - lastReport > QUIET_MS && awaited.every((scenario) => countOf(scenario) > 0)) return;
    if (mta.turn !== undefined) await once(inBox(box, mta.turn), "close");
    await wait(TURN_MS);
  }
}

function inBox(box: ChildProcess, script: string, program = "sh"): ChildProcess {
  const path = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C" };
  return spawn("nsenter", [`--net=/proc/${box.pid}/ns/net`, "chroot", ROOT, program, "-c", script], { env: path });
}

async function shell(script: string): Promise<void> {
  const child = spawn("sh", ["-ec", script], { stdio: ["ignore", "ignore", "pipe"] });
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`cannot build the cage: ${errors}`);
}
