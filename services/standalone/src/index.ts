export { ROLES, type RoleName } from "@triage/runtime";
export { type BorrowedDatabase, borrowDatabase } from "./borrow-database.ts";
export { runRole } from "./run-role.ts";
export { runStandalone } from "./run-standalone.ts";
export { type RunningStandalone, type StandaloneOptions, startStandalone } from "./start-standalone.ts";
