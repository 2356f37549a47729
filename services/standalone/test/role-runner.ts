/** What `triage run ROLE` does, from the sources. */
import { ROLES, runRole } from "@triage/standalone";

const role = ROLES.find((name) => name === process.argv[2]);
process.exitCode = role === undefined ? 2 : await runRole(role);
