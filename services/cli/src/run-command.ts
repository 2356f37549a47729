import { ROLES } from "@triage/runtime";
import { runRole } from "@triage/standalone";

/**
 * `triage run ROLE`: one role of the service on DATABASE_URL and, when REDIS_URL is set, Redis. Resolves when the
 * role has shut down after SIGTERM or SIGINT.
 */
export async function runCommand(role: string): Promise<number> {
  const known = ROLES.find((name) => name === role);
  if (known === undefined) {
    process.stderr.write(`triage run: there is no role "${role}"; the roles are ${ROLES.join(", ")}.\n`);
    return 1;
  }
  return await runRole(known);
}
