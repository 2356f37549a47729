/**
 * What every command of a fresh clone needs first: the right Node, the dependencies, a build. Plain Node, because nothing
 * is installed yet when it runs. Says what it does, and does only what is not done already.
 */
import { spawn } from "node:child_process";
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the repository. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const NEEDED_NODE = [20, 19];
/** How often a step that takes long says that it is still at it. */
const STILL_EVERY_MS = 10_000;

/**
 * Installs and builds as far as needed. Ends the process with one sentence when that does not work.
 *
 * @param {{ build?: readonly string[] }} [options]  The projects to build, as folders; default: what runs the service.
 */
export async function bootstrap({ build = ["services/standalone", "services/cli"] } = {}) {
  checkNode();
  if (!isInstalled()) {
    // QUIRK(npm): `npm ci` refuses a lock file in which packages for other platforms are missing, and a mirror may not
    // have them; `npm install` takes the same versions from the lock file, and --no-save leaves it as it is.
    await step("installing the dependencies", ...npm("install", "--no-save", "--no-audit", "--no-fund"));
  }
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const built = isOlder(join(root, "services/cli/dist/.tsbuildinfo"), compiler);
  await step(built ? "building" : undefined, process.execPath, [compiler, "-b", ...build]);
}

/** Prints one line about what is going on. */
export function say(line) {
  process.stdout.write(`postmaster-triage: ${line}\n`);
}

/** Prints why it does not go on, and ends the process. */
export function giveUp(sentence) {
  process.stderr.write(`postmaster-triage: ${sentence}\n`);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [neededMajor, neededMinor] = NEEDED_NODE;
  if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
    giveUp(`this is Node ${process.versions.node}, and ${NEEDED_NODE.join(".")} or newer is needed.`);
  }
}

/** npm writes its own lock file last, so that an install that was cut off is not taken for a whole one. */
function isInstalled() {
  return !isOlder(join(root, "node_modules/.package-lock.json"), join(root, "package-lock.json"));
}

/** Whether the first file is missing or was written before the second one. */
function isOlder(path, than) {
  const time = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs;
  const written = time(path);
  return written === undefined || written < (time(than) ?? 0);
}

/** The npm that runs us, else the one on PATH. */
function npm(...args) {
  const script = process.env.npm_execpath;
  return script?.endsWith("npm-cli.js") ? [process.execPath, [script, ...args]] : ["npm", args];
}

/** Runs a program to its end; its output is shown only when it fails. */
async function step(title, file, args) {
  const begin = performance.now();
  const seconds = () => Math.round((performance.now() - begin) / 1_000);
  if (title !== undefined) say(title);
  const timer = setInterval(() => say(`still ${title ?? "building"} (${seconds()} s)`), STILL_EVERY_MS);
  const child = spawn(file, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const failure = await new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(code === 0 ? undefined : `exit code ${code ?? signal}`));
  });
  clearInterval(timer);
  if (failure === undefined) return;
  process.stderr.write(output);
  giveUp(`${title ?? "building"} failed (${failure}).`);
}

// `node scripts/bootstrap.mjs` by itself: what CI starts with.
if (process.argv[1] === fileURLToPath(import.meta.url)) await bootstrap();
