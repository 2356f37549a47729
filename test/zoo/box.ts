/**
 * Where the MTA of a cage lives: a root of its own, an overlay of the machine's with its package and its configuration on
 * top, and a network of its own, joined by a cable to the one of this process. Both are gone when this process ends.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { MTA_ADDRESS, MTA_HOST, type Mta, NAME_SERVER_ADDRESS } from "./mta.ts";

/** A place in the mount namespace of the cage that no package uses. */
const PLACE = "/mnt";
const ROOT = join(PLACE, "root");

/** Runs a shell command in the root and the network of the MTA. */
export type RunInBox = (script: string, program?: string) => ChildProcess;

/**
 * Must run in mount, network, UTS and process namespaces of its own: it mounts, adds addresses and names the host.
 *
 * @param folder      The unpacked packages.
 * @param addresses   Of this side of the cable.
 */
export async function makeBox(mta: Mta, folder: string, addresses: readonly string[]): Promise<RunInBox> {
  await mountRoot(folder);
  await configure(mta);
  await addUsers([...mta.users, "ann", "sue", "kim"]);
  const network = await layCable(addresses);
  const env = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C" };
  return (script, program = "sh") =>
    spawn("nsenter", [`--net=${network}`, "chroot", ROOT, program, "-c", script], { env });
}

/** The machine's own root below, the packages above it, and a layer in memory for all that is written. */
async function mountRoot(folder: string): Promise<void> {
  // QUIRK(overlayfs): a layer must not lie within another one, so the packages are copied out of the machine's root.
  await shell(`mount -t tmpfs tmpfs ${PLACE}; mkdir ${PLACE}/upper ${PLACE}/work ${ROOT}; cp -a ${folder} ${PLACE}/package
    mount -t overlay overlay -o lowerdir=${PLACE}/package:/,upperdir=${PLACE}/upper,workdir=${PLACE}/work ${ROOT}
    mount -t proc proc ${ROOT}/proc; mount --rbind /dev ${ROOT}/dev
    mount -t tmpfs tmpfs ${ROOT}/run; mount -t tmpfs tmpfs ${ROOT}/tmp; chmod 1777 ${ROOT}/tmp; hostname ${MTA_HOST}`);
}

async function configure(mta: Mta): Promise<void> {
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
    await writeFile(join(ROOT, path), content);
  }
}

async function addUsers(users: readonly string[]): Promise<void> {
  for (const [index, user] of users.entries()) {
    // Free in any case: packages take numbers below 1,000, and people get the next few.
    const id = 4_000 + index;
    const home = `/var/spool/zoo-${user}`;
    await appendFile(join(ROOT, "etc/passwd"), `${user}:x:${id}:${id}::${home}:/bin/sh\n`);
    await appendFile(join(ROOT, "etc/group"), `${user}:x:${id}:\n`);
    await shell(`mkdir -p ${ROOT}${home}; chown ${id}:${id} ${ROOT}${home}`);
  }
}

/** @returns The path of the MTA's network. A process holds it open. */
async function layCable(addresses: readonly string[]): Promise<string> {
  const holder = spawn("unshare", ["--net", "sh", "-c", "echo ready; exec sleep infinity"]);
  await once(holder.stdout, "data");
  const network = `/proc/${holder.pid}/ns/net`;
  await shell(`ip link set lo up; ip link add world type veth peer name eth0; ip link set eth0 netns ${holder.pid}
    for address in ${addresses.join(" ")}; do ip addr add $address/32 dev world; done
    ip link set world up; ip route add ${MTA_ADDRESS} dev world
    nsenter --net=${network} sh -ec 'ip link set lo up; ip addr add ${MTA_ADDRESS}/32 dev eth0; ip link set eth0 up
      ip route add default dev eth0'`);
  return network;
}

async function shell(script: string): Promise<void> {
  const child = spawn("sh", ["-ec", script], { stdio: ["ignore", "ignore", "pipe"] });
  const [errors, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`cannot build the cage: ${errors}`);
}
