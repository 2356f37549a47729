/** The page behind a link in a mail, in a real browser: read, press the button, read what happened. */
import type { AddressInfo } from "node:net";
import { signActionLink } from "@triage/contracts";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestIngest, type TestIngest } from "../../services/ingest/test/ingest-app.ts";
import { startBrowser } from "../support/chromium.ts";

const SECRET = "the secret of the links of the tests";
const ARCHIVED = {
  verdict: "backscatter",
  score: 0.93,
  scores: { "genuine-dsn": 0.05, "user-report": 0.01, backscatter: 0.93, automated: 0, spam: 0.01 },
  route: "archive",
  actionable: false,
  why: "A bounce of mail that this site never sent: the returned message carries no signature of ours.",
  rule: "backscatter",
  report: { kind: "dsn" },
  returned: { form: "headers" },
  evidence: [],
} as const;

let browser: Browser;
let ingest: TestIngest;
let page: Page;
let url: string;
let id: string;
let complaints: string[];

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  ingest = await openTestIngest({ linkSecrets: [SECRET] });
  await ingest.app.listen({ host: "127.0.0.1", port: 0 });
  const subject = "Undelivered Mail <script>document.title = 'owned'</script> Returned to Sender";
  const answer = await ingest.post(`Subject: ${subject}\r\nFrom: MAILER-DAEMON@mx.example.net\r\n\r\nhello\r\n`);
  id = answer.json().id;
  await ingest.store.saveClassification(id, ARCHIVED);
  const link = { action: "release", id, expires: new Date(Date.now() + 86_400_000) } as const;
  const { port } = ingest.app.server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/l/${signActionLink(link, Buffer.from(SECRET))}`;
  page = await browser.newPage();
  complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
});
afterEach(async () => {
  await page.close();
  await ingest.close();
});

const stateNow = async () => (await ingest.store.message(id))?.state;

test("opening the link shows the message; only the button releases it, also from the keyboard", async () => {
  await page.goto(url);
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Release this message?");
  expect(await page.getByRole("definition").first().textContent()).toContain("Undelivered Mail <script>");
  expect(await page.title()).toBe("Release this message? - postmaster-triage");
  expect(await stateNow()).toBe("archived");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Released" }).waitFor();
  expect(await stateNow()).toBe("classified");
  expect(await page.getByRole("button").count()).toBe(0);
});

test("the browser has nothing to complain about, and its style is allowed by its own policy", async () => {
  await page.goto(url);
  await page.getByRole("button", { name: "Release it" }).click();
  await page.getByRole("heading", { name: "Released" }).waitFor();
  expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
  expect(await page.evaluate("getComputedStyle(document.body).fontFamily")).toContain("system-ui");
});

test("it fits a narrow screen without scrolling sideways", async () => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto(url);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(320);
});
