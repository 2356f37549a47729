/**
 * The `triage` command: what an operator types or puts into an MTA's configuration.
 *
 * Every command is a file of its own and is loaded only when it is called, because `triage pipe` starts once per
 * message that the MTA hands over. The exit code is the command's result; nothing else is printed on stdout than
 * what the command promises.
 */
export { runCli } from "./cli.ts";
