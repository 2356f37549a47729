import { defineConfig } from "vitest/config";

// The suffix of a test says what it needs: `.test.ts` nothing, `.system.test.ts` real PostgreSQL and Redis,
// `.mta.test.ts` a real MTA, `.browser.test.ts` a real browser. Workspace packages are read from their sources.
// Never "import" or "default" here: Vitest hands them to Node, which then gives ES modules to `require`, too.
const resolve = { conditions: ["triage-source", "node"] };
const ssr = { resolve: { conditions: ["triage-source", "node"] } };
const folders = ["packages/*/test", "services/*/test", "test"];
const files = (suffix: string) => folders.map((folder) => `${folder}/**/*${suffix}.test.ts`);
const needsMore = [...files(".system"), ...files(".mta"), ...files(".browser")];
// LIMITS on what hangs, not on what is slow.
const servers = { globalSetup: ["test/support/servers.ts"], testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    projects: [
      { resolve, ssr, test: { name: "unit", include: files(""), exclude: needsMore, testTimeout: 180_000 } },
      { resolve, ssr, test: { name: "system", include: files(".system"), ...servers } },
      { resolve, ssr, test: { name: "mta", include: files(".mta"), ...servers } },
      { resolve, ssr, test: { name: "browser", include: files(".browser"), ...servers } },
    ],
  },
});
