/** The checks, strongest first: the order in which the ladder prints them. Adding one: CONTRIBUTING.md, "Add a check". */
import { checkBatv } from "./batv.ts";
import type { ProvenanceCheck } from "./check.ts";
import { checkDnsbl } from "./dnsbl.ts";
import { checkEnvelopeId } from "./envelope-id.ts";
import { checkHeaderToken } from "./header-token.ts";
import { checkMessageIdDomain } from "./message-id-domain.ts";
import { checkReceivedPath } from "./received-path.ts";
import { checkReportDelay } from "./report-delay.ts";
import { checkReportingMta } from "./reporting-mta.ts";
import { checkReturnedDkim } from "./returned-dkim.ts";
import { checkReturnedSenderDomain } from "./returned-sender-domain.ts";
import { checkSentLedger } from "./sent-ledger.ts";
import { checkSpf } from "./spf.ts";
import { checkSrs } from "./srs.ts";
import { checkVerp } from "./verp.ts";

export const CHECKS: readonly ProvenanceCheck[] = [
  { id: "batv", run: checkBatv },
  { id: "srs", run: checkSrs },
  { id: "verp", run: checkVerp },
  { id: "envelope-id", run: checkEnvelopeId },
  { id: "header-token", run: checkHeaderToken },
  { id: "returned-dkim", run: checkReturnedDkim },
  { id: "sent-ledger", run: checkSentLedger },
  { id: "received-path", run: checkReceivedPath },
  { id: "spf", run: checkSpf },
  { id: "message-id-domain", run: checkMessageIdDomain },
  { id: "reporting-mta", run: checkReportingMta },
  { id: "returned-sender-domain", run: checkReturnedSenderDomain },
  { id: "report-delay", run: checkReportDelay },
  { id: "dnsbl", run: checkDnsbl },
];
