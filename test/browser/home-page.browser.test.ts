/** The page that a new user sees who opens the URL that `npm start` prints, in a real browser. */
import type { AddressInfo } from "node:net";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openTestIngest, type TestIngest } from "../../services/ingest/test/ingest-app.ts";
import { startBrowser } from "../support/chromium.ts";

let browser: Browser;
let ingest: TestIngest;
let page: Page;
let origin: string;
let complaints: string[];
let foreign: string[];

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser?.close());

beforeEach(async () => {
  ingest = await openTestIngest();
  await ingest.app.listen({ host: "127.0.0.1", port: 0 });
  origin = `http://127.0.0.1:${(ingest.app.server.address() as AddressInfo).port}`;
  page = await browser.newPage();
  complaints = [];
  foreign = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) foreign.push(request.url());
  });
});
afterEach(async () => {
  await page.close();
  await ingest.close();
});

test("the page says what this is and how to send it a message, with the address that the browser used", async () => {
  await page.goto(`${origin}/`);
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("postmaster-triage");
  expect(await page.locator("pre").first().textContent()).toContain(`${origin}/v1/messages`);
});

test("it loads nothing from elsewhere, and the browser has nothing to complain about", async () => {
  await page.goto(`${origin}/`, { waitUntil: "networkidle" });
  expect(foreign).toEqual([]);
  // Browsers ask for /favicon.ico by themselves; that there is none is no defect of the page.
  expect(complaints.filter((text) => !text.includes("404"))).toEqual([]);
});

test("every link on it leads somewhere", async () => {
  await page.goto(`${origin}/`);
  const links = await page.getByRole("link").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) expect((await fetch(`${origin}${link}`)).status, link ?? "").toBe(200);
});

test("it fits a narrow screen without scrolling sideways", async () => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${origin}/`);
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
});

test("its style is allowed by its own content security policy", async () => {
  await page.goto(`${origin}/`);
  const family = await page.evaluate("getComputedStyle(document.body).fontFamily");
  expect(family).toContain("system-ui");
});
