// biome-ignore-all format: a table is read by its rows, one rule a line
/**
 * Sophos Email (Sophos Central) refuses with a code of its own and words that say nothing ("550 5.7.1 XGEMAIL_0011 Command
 * rejected"), so that the code alone decides. Source: docs.sophos.com/central/customer, Email Security, "SMTP error codes".
 */
import type { ReasonRule } from "../reason-rule.ts";

const DOC = "https://docs.sophos.com/central/customer/help/en-us/ManageYourProducts/EmailSecurity/SMTPErrorCodes/";
const RECIPIENT_LIST = `The receiving site has the sender on a list of its own in Sophos Email: only it can take it off (${DOC}).`;

export const SOPHOS_RULES: readonly ReasonRule[] = [
  { id: "sophos-authentication", reason: "auth-failure", phrases: ["xgemail_0001", "xgemail_0002", "xgemail_0003"], advice: `Sophos Email: 0001 is DKIM, 0002 SPF, 0003 DMARC (${DOC}).`, example: "550 5.7.1 XGEMAIL_0003 Command rejected" },
  { id: "sophos-block-list", reason: "blocked", phrases: ["xgemail_0004", "xgemail_0005"], advice: `Sophos Email found the IP address (0004) or the domain (0005) on a block list: look both up, and ask the list for removal (${DOC}).`, example: "550 5.7.1 XGEMAIL_0004 Command rejected" },
  { id: "sophos-tls", reason: "failed-starttls", phrases: ["xgemail_0006"], advice: `The receiving site asks for a TLS version that the sending host does not offer (${DOC}).`, example: "550 5.7.4 XGEMAIL_0006 Command rejected" },
  { id: "sophos-licence", reason: "not-accept", phrases: ["xgemail_0007"], advice: `The receiving site's licence of Sophos Email has run out: tell it by another way (${DOC}).`, example: "550 5.7.1 XGEMAIL_0007 Command rejected" },
  { id: "sophos-site-list", reason: "rejected", phrases: ["xgemail_0008", "xgemail_0009"], advice: RECIPIENT_LIST, example: "550 5.7.1 XGEMAIL_0008 Command rejected" },
  { id: "sophos-domain-unprotected", reason: "no-relaying", phrases: ["xgemail_0010"], example: "550 5.7.1 XGEMAIL_0010 Command rejected" },
  { id: "sophos-user-unknown", reason: "user-unknown", phrases: ["xgemail_0011"], example: "550 5.7.1 XGEMAIL_0011 Command rejected" },
  { id: "sophos-size", reason: "message-too-big", phrases: ["xgemail_0012"], example: "552 5.3.4 XGEMAIL_0012 Command rejected" },
  { id: "sophos-recipients", reason: "too-many-conn", phrases: ["xgemail_0013"], example: "550 5.5.3 XGEMAIL_0013 Command rejected" },
  { id: "sophos-rate", reason: "rate-limited", phrases: ["xgemail_0014", "xgemail_0015"], example: "450 4.7.1 XGEMAIL_0014 Command rejected" },
];
