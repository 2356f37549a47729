import { loadConfig } from "@triage/runtime";
import { expect, test } from "vitest";
import { describeStart } from "../src/announcement.ts";

const config = loadConfig({ env: { TRIAGE_DATA_DIR: "/srv/triage/data" } });
const running = {
  url: "http://127.0.0.1:8025",
  apiKeyFile: "/srv/triage/data/api-key",
  clusterPath: "/srv/triage/data/postgres",
  close: async () => {},
};

test("tells where the service is, where the key and the human's mail are, and how to try it", () => {
  const text = describeStart(config, running, "/srv/triage");
  expect(text).toContain("http://127.0.0.1:8025\n");
  expect(text).toContain("./data/api-key\n");
  expect(text).toContain("./data/human (a Maildir)\n");
  expect(text).toMatch(
    /\ncurl -H "Authorization: Bearer \$\(cat \.\/data\/api-key\)" .*--data-binary @'?\/.+\/bounce\.eml'? http:\/\/127\.0\.0\.1:8025\/v1\/messages\n/,
  );
});

test("says for how long mail is kept, before anything of it goes", () => {
  expect(describeStart(config, running, "/srv/triage")).toContain(
    "mail for 30 days, what the human got for 90, what is known of it for 400\n",
  );
});

test("shows no key, not even one that was configured", () => {
  const own = loadConfig({ env: { TRIAGE_API_KEY: "s3cret", DATABASE_URL: "postgresql://u:s3cret@db/x" } });
  const text = describeStart(own, { ...running, apiKeyFile: undefined }, "/srv/triage");
  expect(text).not.toContain("s3cret");
  expect(text).toContain("$TRIAGE_API_KEY");
});

test("a path with spaces stays one word for the shell", () => {
  const text = describeStart(config, { ...running, apiKeyFile: "/home/ann/my mail/api-key" }, "/srv/triage");
  expect(text).toContain("$(cat '/home/ann/my mail/api-key')");
});
