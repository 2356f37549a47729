/**
 * All dialects, in the order in which they are asked: who says its name before who speaks like many others, the careful
 * fallback last. See CONTRIBUTING, "add a dialect".
 */
import type { Dialect } from "./dialect.ts";
import { exchange, exchange2003 } from "./exchange.ts";
import { exim } from "./exim.ts";
import { gmail, googleGroups } from "./gmail.ts";
import { postfix, postfixTranscript } from "./postfix.ts";
import { qmail } from "./qmail.ts";
import { sendmail } from "./sendmail.ts";

export const DIALECTS: readonly Dialect[] = [
  googleGroups,
  gmail,
  postfixTranscript,
  postfix,
  qmail,
  exim,
  exchange2003,
  exchange,
  sendmail,
];
