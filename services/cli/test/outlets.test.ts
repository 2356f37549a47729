import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { runCli } from "../src/cli.ts";

let folder: string;
const written = { stdout: "", stderr: "" };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "triage-outlets-"));
  for (const name of ["stdout", "stderr"] as const) {
    written[name] = "";
    vi.spyOn(process[name], "write").mockImplementation((text) => {
      written[name] += String(text);
      return true;
    });
  }
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function run(config: string, ...words: string[]): Promise<number> {
  const path = join(folder, "triage.yaml");
  await writeFile(path, config);
  return runCli(["node", "triage", "outlets", "test", "--config", path, ...words]);
}

test("sends one test mail through each outlet to its humans, and says what the other side said", async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => bodies.push(chunk.toString("utf8")));
    request.on("end", () => response.writeHead(410).end("no such hook"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const config = `
outlets:
  - { id: box, maildir: { path: box } }
  - { id: chat, webhook: { url: "${url}" } }
  - { id: spare, mbox: { path: spare } }
humans:
  - { id: ann, to: [ann@example.com] }
  - { id: noc, outlet: chat }
`;
  try {
    expect(await run(config)).toBe(1);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
  expect(written.stdout.replaceAll(folder, ".").replace(/new\/\S+/, "new/NAME")).toBe(`box: Maildir ./box
  ann@example.com: delivered: new/NAME
chat: webhook (generic) at ${new URL(url).host}
  human:noc: refused: HTTP 410: no such hook
spare: mbox ./spare
  no human is delivered to by it: nothing was sent
`);
  expect(JSON.parse(bodies.join(""))).toMatchObject({ type: "triage.test", data: { recipients: ["human:noc"] } });
  const [name = ""] = await readdir(join(folder, "box/new"));
  const mail = await readFile(join(folder, "box/new", name), "utf8");
  expect(mail).toContain("To: ann@example.com\n");
  expect(mail).toContain("Auto-Submitted: auto-generated\n");
  expect(mail).toContain("Subject: [triage] Test of the outlet box\n");
});

test("can test one of several", async () => {
  const config = "outlets:\n  - { id: a, maildir: { path: a } }\n  - { id: b, maildir: { path: b } }\n";
  expect(await run(config, "--outlet", "a")).toBe(0);
  expect(await readdir(folder)).not.toContain("b");
  expect(await run(config, "--outlet", "c")).toBe(1);
  expect(written.stderr).toBe('triage outlets test: there is no outlet "c"; there are: a, b\n');
});
