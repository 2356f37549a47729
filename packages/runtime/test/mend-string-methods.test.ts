import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const CLIENT = new URL("../src/queues/redis-client.ts", import.meta.url).href;
const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** Whether V8 finds the methods of strings without a look-up in a dictionary, after what the script has loaded. */
function methodsAreFast(script: string): boolean {
  const args = ["--import", "tsx", "--allow-natives-syntax", "--conditions=triage-source", "--input-type=module"];
  const code = `${script}; console.log(new Function("return %HasFastProperties(String.prototype)")())`;
  return execFileSync(process.execPath, [...args, "--eval", code], { cwd: ROOT, encoding: "utf8" }).trim() === "true";
}

test("the Redis client leaves the methods of strings as fast as they were", () => {
  expect(methodsAreFast("class Text extends String {}")).toBe(false);
  expect(methodsAreFast(`await import(${JSON.stringify(CLIENT)})`)).toBe(true);
});
