// biome-ignore-all format: a table is read by its rows, one rule a line
/**
 * What the large receivers say, by their own codes and set phrases. Sources: Google "SMTP error codes" (support answer
 * 3726730), Microsoft "NDR codes in Exchange Online" and postmaster.live.com, Yahoo senders.yahooinc.com/smtp-error-codes,
 * Apple support 102322, Proofpoint, Mimecast SMTP error codes, Cox, GoDaddy, Orange and La Poste, Tencent service.mail.qq.com,
 * NetEase help_spam_16, T-Online, GMX and 1&1 postmaster pages, SFR, Free, docomo, KDDI, Facebook.
 */
import type { ReasonRule } from "../reason-rule.ts";

const SPAMHAUS = "Look your IP address and domain up at https://check.spamhaus.org/ and ask for removal there.";
const GOOGLE = "See https://postmaster.google.com/ and the guidelines at https://support.google.com/a/answer/81126.";
const MICROSOFT =
  "Join https://sendersupport.olc.protection.outlook.com/snds/ and ask for mitigation at https://olcsupport.office.com/.";
const YAHOO = "See https://senders.yahooinc.com/smtp-error-codes; volume and complaints must fall before it lets up.";
const ORANGE = "See https://postmaster.orange.fr/ with the OFR or LPN code of the diagnostic.";

export const PROVIDER_RULES: readonly ReasonRule[] = [
  // Google
  { id: "google-low-reputation", reason: "bad-reputation", phrases: ["very low reputation of the sending"], advice: GOOGLE, example: "550-5.7.1 [192.0.2.22 18] Our system has detected that this message is likely suspicious due to the very low reputation of the sending IP address." },
  { id: "google-unusual-rate", reason: "blocked", phrases: ["unusual rate of unsolicited mail", "unusual rate of mail*originating"], advice: GOOGLE, example: "421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address." },
  { id: "google-unsolicited", reason: "spam-detected", phrases: ["likely unsolicited mail", "suspicious due to the nature of the content"], advice: GOOGLE, example: "550-5.7.1 [192.0.2.1 12] Our system has detected that this message is likely unsolicited mail." },
  { id: "google-ptr", reason: "require-ptr", phrases: ["have a ptr record", "ipv6 sending guidelines regarding ptr", "does not match the ip address of the hostname"], advice: GOOGLE, example: "550-5.7.25 [192.0.2.202] The IP address sending this message does not have a PTR record setup." },
  { id: "google-unauthenticated", reason: "auth-failure", phrases: ["unauthenticated email from*not accepted", "requires all*senders to authenticate", "senders to authenticate their email", "because the sender is unauthenticated", "aligned with either the authenticated spf or dkim", "does not have authentication information or fails to pass", "to add a dmarc record", "spf record of the sending domain has", "has an spf record with a hard fail", "to pass spf checks for an spf record"], advice: GOOGLE, example: "550-5.7.26 Unauthenticated email from example.jp is not accepted due to domain's DMARC policy." },
  { id: "google-unauthenticated-plain", reason: "rejected", phrases: ["unauthenticated email is not accepted from this domain"], example: "550 5.7.1 Unauthenticated email is not accepted from this domain." },
  { id: "google-tls-required", reason: "failed-starttls", phrases: ["tls required for rcpt domain", "senders to use tls/ssl for smtp", "issue a starttls command first"], example: "421 4.7.0 TLS required for RCPT domain, closing connection." },
  { id: "google-not-compliant", reason: "not-compliant-rfc", phrases: ["is not rfc 5322 compliant", "multiple addresses in from:", "valid message-id: header", "valid address in from: header", "valid address in the from: header", "encoded-word syntax is not permitted", "unicode character in a disallowed header", "is not a valid rfc 5321 address", "rfcmessagenoncompliant"], example: "550-5.7.1 [192.0.2.222 13] Messages with multiple addresses in From: header are not accepted." },
  { id: "google-malformed", reason: "not-compliant-rfc", phrases: ["mail message is malformed"], example: "554 5.6.0 Mail message is malformed. Not accepted." },
  { id: "google-receiving-rate", reason: "rate-limited", phrases: ["is receiving mail too quickly", "receiving mail at a rate that", "peak smtp relay limit exceeded", "daily user sending limit", "daily user sending quota", "daily sending quota exceeded", "daily smtp relay"], example: "550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered." },
  { id: "google-over-quota", reason: "mailbox-full", phrases: ["inbox is out of storage", "tried to reach is over quota", "p=overquota", "email quota exceeded"], example: "552-5.2.2 The recipient's inbox is out of storage space and inactive." },
  { id: "google-too-many-recipients", reason: "too-many-conn", phrases: ["too many recipients for this sender", "your message has too many recipients"], example: "452 4.5.3 Your message has too many recipients." },
  { id: "google-attachment", reason: "policy-violation", phrases: ["illegal attachment on your message", "its content presents a potential", "has a policy that prohibited the mail", "messages with the same message-id:"], example: "552-5.7.0 This message was blocked because its content presents a potential security issue." },
  { id: "google-account-disabled", reason: "suspend", phrases: ["tried to reach is disabled", "tried to reach is inactive", "p=disableduser"], example: "550 5.2.1 The email account that you tried to reach is disabled." },
  { id: "google-no-such-user", reason: "user-unknown", phrases: ["p=nosuchuser", "because the address couldn't be found, or is unable", "because the address couldn't be found"], example: "550-5.1.1 https://support.google.com/mail/?p=NoSuchUser a1si1997204pbd.83 - gsmtp" },
  { id: "google-answer-6596", reason: "user-unknown", phrases: ["tried to reach does not exist", "answer.py?answer=6596", "mail/answer/6596"], unlessRcpt: "filtered", example: "550-5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address." },
  { id: "google-relay", reason: "no-relaying", phrases: ["mail relay denied", "invalid credentials for relay", "not authorized to send email directly to our"], example: "550-5.7.1 [192.0.2.1] The IP you're using to send mail is not authorized to send email directly to our servers." },
  { id: "google-login", reason: "security-error", phrases: ["application-specific password required", "log in with your web browser", "log in through your web browser", "username and password not accepted", "too many login attempts"], example: "535-5.7.8 Username and Password not accepted." },
  { id: "google-closing", reason: "blocked", phrases: ["not in whitelist for rcpt domain", "try again later, closing connection", "helo/ehlo argument*invalid", "empty helo/ehlo argument"], example: "421-4.7.0 Try again later, closing connection." },
  { id: "google-groups", reason: "rejected", phrases: ["may not have permission to post messages", "does not have permission to post", "not have permission to publish", "groups.google.com/support"], example: "We're writing to let you know that the group you tried to contact (friends) may not exist, or you may not have permission to post messages to the group.", advice: "The Google group does not exist or takes no posts from this sender: join it, or ask its owner." },
  { id: "google-alias-sender", reason: "rejected", phrases: ["sending this from a different address or alias", "mail sending denied"], example: "You're sending this from a different address or alias using the 'Send mail as' feature." },

  // Microsoft: Exchange Online, Outlook.com, Exchange Server
  // Exchange Online says this of unknown users, and so do labelled corpora. Postfix says it of its access(5) table, and of unknown users another thing.
  { id: "postfix-access-table", reason: "policy-violation", phrases: ["recipient address rejected: access denied"], formats: ["dialect:postfix-transcript"], example: "554 5.7.1 <joe@example.net>: Recipient address rejected: Access denied" },
  { id: "microsoft-block-list", reason: "blocked", phrases: ["part of their network is on our block list", "(s3140)", "(s3150)", "weren't sent. please contact your internet service provider", "not currently accepting mail from your ip"], advice: MICROSOFT, example: "550 5.7.1 Unfortunately, messages from [192.0.2.5] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150)." },
  { id: "microsoft-banned-ip", reason: "blocked", phrases: ["banned sending ip", "using customer block list", "access denied, rejected by recipient", "access denied, bad helo", "does not accept email over ipv6", "blocked by*using customer block"], advice: "Ask for removal at https://sender.office.com/; a customer's own block list only that customer can change.", example: "550 5.7.606 Access denied, banned sending IP [192.0.2.225]. To request removal from this list please visit https://sender.office.com." },
  { id: "microsoft-banned-sender", reason: "blocked", phrases: ["access denied, banned sender"], status: ["5.7.511"], advice: "Write to delist@messaging.microsoft.com with the whole diagnostic.", example: "550 5.7.511 Access denied, banned sender[192.0.2.1]. To request removal from this list please forward this message to delist@messaging.microsoft.com." },
  // Outlook.com's codes: https://sendersupport.olc.protection.outlook.com/pm/troubleshooting.aspx
  { id: "outlook-rate", reason: "rate-limited", phrases: ["421 rp-001", "421 rp-002", "421 rp-003", "(rp-001)", "(rp-002)", "(rp-003)"], advice: MICROSOFT, example: "421 RP-001 (BAY0-MC1-F1) Unfortunately, some messages from 192.0.2.1 weren't sent." },
  { id: "outlook-refused", reason: "blocked", phrases: ["550 ou-001", "550 sc-001", "550 sc-002", "550 sc-003", "550 dy-001", "550 dy-002"], advice: MICROSOFT, example: "550 SC-001 (BAY0-MC1-F1) Unfortunately, messages from 192.0.2.1 weren't sent." },
  { id: "outlook-spam", reason: "spam-detected", phrases: ["550 ou-002", "550 sc-004"], advice: MICROSOFT, example: "550 SC-004 (BAY0-MC1-F1) Unfortunately, messages from 192.0.2.1 weren't sent." },
  { id: "microsoft-ip-reputation", reason: "bad-reputation", phrases: ["rate limited due to ip reputation", "(s775)", "(s3113)", "(s3114)"], advice: MICROSOFT, example: "451 4.7.650 The mail server [192.0.2.5] has been temporarily rate limited due to IP reputation. (S775)" },
  { id: "microsoft-connections", reason: "rate-limited", phrases: ["exceeded the maximum number of connections", "(s3115)", "recipient thread limit exceeded", "per hour message receive limit", "recipient has exceeded their limit for", "daily limit for message recipients", "submission quota exceeded", "has exceeded permitted limits within", "tenant has exceeded threshold", "recipientratelimit"], example: "451 4.7.652 The mail server [192.0.2.251] has exceeded the maximum number of connections. (S3115)" },
  { id: "microsoft-required-authentication", reason: "auth-failure", phrases: ["required authentication level", "does not pass dmarc verification", "must pass either spf or dkim", "because of sender policy framework violation"], advice: "Pass SPF or DKIM aligned with the header From, and publish DMARC: https://go.microsoft.com/fwlink/p/?linkid=2319303.", example: "550 5.7.509 Access denied, sending domain [EXAMPLE.JP] does not pass DMARC verification and has a DMARC policy of reject." },
  { id: "microsoft-reverse-dns", reason: "require-ptr", phrases: ["must have a reverse dns record"], example: "550 5.7.25 Access denied, the sending IPv6 address [2001:db8::1] must have a reverse DNS record." },
  { id: "microsoft-suspicious-activity", reason: "blocked", phrases: ["access denied, please try again later"], advice: MICROSOFT, example: "451 4.7.500 Access denied, please try again later." },
  { id: "microsoft-resolver", reason: "user-unknown", phrases: ["resolver.adr.recipnotfound", "resolver.adr.exrecipnotfound", "resolver.adr.recipientnotfound", "not found by smtp address lookup", "recipient address reserved by rfc 2606", "wasn't found at*or mailbox is unavailable", "wasn't found at", "couldn't be found at", "recipient address rejected: access denied"], example: "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup" },
  { id: "microsoft-restricted", reason: "rejected", phrases: ["resolver.rst.", "sender not authenticated for", "sender was not authenticated", "not in allowed-senders list", "access denied, spam abuse detected", "bad outbound sender", "access denied, banned sender", "blocked from sending from unregistered", "storedrv.submission; sender denied", "not permitted to send to"], status: ["5.7", "5.1.8", "5.1.0", "4.7"], example: "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required" },
  { id: "microsoft-recipient-size", reason: "exceed-limit", phrases: ["resolver.rst.recipsizelimit", "resolver.rst.sendsizelimit", "too large for this recipient"], example: "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient" },
  { id: "microsoft-hop-count", reason: "network-error", phrases: ["hop count exceeded", "routing loop detected", "dns query failed", "resolver.fwd.loop"], example: "554 5.4.14 Hop count exceeded - possible mail loop ATTR34" },
  { id: "microsoft-nonexistent-domain", reason: "host-unknown", phrases: ["smtpsend.dns.nonexistentdomain", "nonexistent domain", "domain is not reachable"], example: "#550 5.4.4 smtpsend.dns.nonexistentdomain; nonexistent domain ##" },
  { id: "microsoft-queue-expired", reason: "expired", phrases: ["queue.expired", "message expired, connection refused", "message expired, cannot connect", "queue expired; message expired"], example: "550 4.4.7 QUEUE.Expired; message expired" },
  { id: "microsoft-tls", reason: "failed-starttls", phrases: ["mta-sts validation", "starttls is required to send", "starttls-not-supported:", "certificate-expired:", "tlsa-invalid:", "dnssec-invalid:", "certificate-host-mismatch:", "restrictdomainsto"], example: "550 5.7.323 tlsa-invalid: The domain failed DANE validation." },
  { id: "microsoft-tenant-no-mail", reason: "not-accept", phrases: ["no mail-enabled subscriptions", "system not accepting network messages", "missing or bad storedriver mdb"], example: "450 4.4.4 hosted tenant which has no mail-enabled subscriptions." },
  { id: "microsoft-policy", reason: "policy-violation", phrases: ["x-dg-ref header is too long", "policy violation detected", "transport.rules.reject", "rejected the message; the message was rejected by organization policy", "rejected by organization policy"], example: "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy" },
  { id: "microsoft-transport-rule", reason: "policy-violation", phrases: ["delivery not authorized, message refused"], status: ["5.7.9"], example: "550 5.7.900 Delivery not authorized, message refused" },
  { id: "microsoft-service", reason: "system-error", phrases: ["service not active", "service not available"], status: ["4.3.2"], example: "421 4.3.2 Service not active" },
  { id: "microsoft-quarantined", reason: "spam-detected", phrases: ["content filter agent quarantined", "spam message is rejected because of anti-spam policy"], example: "550 5.2.1 Content Filter agent quarantined this message" },
  { id: "microsoft-system", reason: "system-error", phrases: ["failed to be replicated", "server busy. please try again later", "pfa agent busy", "(suspiciousremoteservererror)", "temporary server error. please try again"], example: "451 4.7.500 Server busy. Please try again later from [192.0.2.2]. (AS761)" },
  { id: "microsoft-cannot-be-accessed", reason: "suspend", phrases: ["mailbox cannot be accessed", "access denied, banned recipient"], example: "550 5.2.1 mailbox cannot be accessed" },
  { id: "microsoft-mapi", reason: "mailbox-full", phrases: ["mapiexceptionquotaexceeded", "storedrv.deliver*quota"], example: "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionQuotaExceeded" },

  // Yahoo and AOL
  { id: "yahoo-deferred", reason: "rejected", phrases: ["due to unexpected volume or user complaints", "will be permanently deferred", "temporarily deferred due to user complaints", "due to unresolvable rfc.5321"], advice: YAHOO, example: "421 4.7.0 [TSS04] Messages from 192.0.2.192 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1" },
  { id: "yahoo-authentication", reason: "auth-failure", phrases: ["(au01)", "[au01]"], advice: YAHOO, example: "554 5.7.5 (AU01) Message not accepted for policy reasons. See https://senders.yahooinc.com/error-codes" },
  { id: "yahoo-no-account", reason: "user-unknown", phrases: ["delivery error: dd this user doesn't have"], example: "554 delivery error: dd This user doesn't have a yahoo.com account (joe@yahoo.com) [0] - mta1082.mail.bf1.yahoo.com" },
  { id: "yahoo-mailbox-disabled", reason: "suspend", phrases: ["delivery error: dd*is no longer valid", "has been disabled or discontinued", "this mailbox is disabled"], example: "554 30 Sorry, your message to joe@aol.jp cannot be delivered. This mailbox is disabled (554.30)" },
  { id: "yahoo-max-per-connection", reason: "too-many-conn", phrases: ["max message per connection reached"], example: "421 Max message per connection reached, closing transmission channel" },

  // Apple, Proofpoint
  { id: "proofpoint-dnsbl", reason: "blocked", phrases: ["proofpoint.com/dnsbl-lookup", "ipcheck.proofpoint.com"], advice: "Ask for removal at https://ipcheck.proofpoint.com/.", example: "554 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.225" },
  { id: "apple-not-accepting", reason: "blocked", phrases: ["esmtp not accepting connections"], example: "554 st11p00im-smtpin013.me.com ESMTP not accepting connections" },
  { id: "apple-excessive-volume", reason: "rate-limited", phrases: ["deferred due to excessive volume"], example: "421 4.7.1 Messages to joe@icloud.com deferred due to excessive volume. Try again later" },
  { id: "apple-illegal-alias", reason: "user-unknown", phrases: ["unknown or illegal alias", "inactive email address"], example: "550 5.1.1 unknown or illegal alias: joe@icloud.com" },
  { id: "apple-recipient-gone", reason: "has-moved", phrases: ["recipient no longer on server"], example: "550 5.1.6 recipient no longer on server: joe@icloud.com" },
  { id: "apple-null-mx", reason: "not-accept", phrases: ["host/domain does not accept mail"], example: "556 5.1.10 <joe@example.net>: Recipient address rejected: Host/domain does not accept mail" },

  // Mimecast
  { id: "mimecast-greylisted", reason: "bad-reputation", phrases: ["internal resources are temporarily unavailable", "local ct ip reputation"], example: "451 Internal resources are temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451" },
  { id: "mimecast-recipient-later", reason: "blocked", phrases: ["recipient temporarily unavailable"], example: "451 Recipient temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451" },
  { id: "mimecast-host-network", reason: "policy-violation", phrases: ["host network*not allowed - http"], example: "554 Host network not allowed - https://community.mimecast.com/docs/DOC-1369#554" },
  { id: "mimecast-anti-spoofing", reason: "policy-violation", phrases: ["anti-spoofing policy", "due to content examination policy", "email rejected due to security policies"], example: "550 Rejected by header-based Anti-Spoofing policy: joe@example.com" },
  { id: "mimecast-envelope-blocked", reason: "rejected", phrases: ["envelope blocked", "envelope rejected - block policy", "header-based manually blocked senders", "header-based blocked senders"], example: "550 Administrative prohibition - envelope blocked" },
  { id: "mimecast-sender-invalid", reason: "auth-failure", phrases: ["sender invalid - envelope rejected"], example: "550 SPF Sender Invalid - envelope rejected" },
  { id: "mimecast-requires-encryption", reason: "failed-starttls", phrases: ["this route requires encryption", "this route requires tls version", "this route requires high-strength ciphers"], example: "553 This route requires encryption (TLS)" },
  { id: "mimecast-open-relay", reason: "no-relaying", phrases: ["open relay not allowed", "open relay is not allowed"], example: "451 Open relay not allowed - https://community.mimecast.com/docs/DOC-1369#451" },
  { id: "mimecast-signature", reason: "virus-detected", phrases: ["email rejected due to signature", "anti-virus signature detected"], example: "554 Anti-virus signature detected - https://community.mimecast.com/docs/DOC-1369#554" },

  // Symantec Email Security.cloud (MessageLabs)
  { id: "messagelabs-policy", reason: "bad-reputation", phrases: ["connection rejected by policy"], advice: "Look your IP address up at https://ipremoval.sms.symantec.com/.", example: "501 Connection rejected by policy [7.7] 20805, please visit www.messagelabs.com/support for more details" },
  { id: "messagelabs-filtered", reason: "spam-detected", phrases: ["553 - message filtered", "553-message filtered", "message filtered. please see", "message filtered. refer"], example: "553-Message filtered. Refer to the Troubleshooting page at http://www.symanteccloud.com/troubleshooting" },

  // Orange, La Poste, SFR, Free
  { id: "orange-recipient", reason: "user-unknown", phrases: ["lpn*_416", "ofr*_416", "destinataire invalide"], example: "550 5.5.0 Adresse destinataire invalide. Invalid recipient. LPN007_416" },
  { id: "orange-mailbox-full", reason: "mailbox-full", phrases: ["boite du destinataire pleine", "ofr*_417", "lpn*_417"], example: "552 5.1.1 Boite du destinataire pleine. Recipient overquota. OFR_417" },
  { id: "orange-archived", reason: "suspend", phrases: ["boite du destinataire archivee", "lpn*_420", "ofr*_420", "compte du destinataire est bloque"], example: "550 5.5.0 Boite du destinataire archivee. Archived recipient. LPN007_420" },
  { id: "orange-dmarc", reason: "auth-failure", phrases: ["lpn*_517", "ofr*_517", "lpn*_401", "spf/dns de votre nom de domaine"], example: "571 5.7.1 Message refused, DMARC verification Failed. Message refuse, verification DMARC en echec LPN007_517" },
  { id: "orange-sender", reason: "rejected", phrases: ["emetteur invalide"], example: "501 5.1.0 Emetteur invalide. Invalid Sender. OFR004_405" },
  { id: "orange-too-many-connections", reason: "too-many-conn", phrases: ["trop de connexions"], advice: ORANGE, example: "421 mwinf5c79 ME Trop de connexions, veuillez verifier votre configuration. OFR005_104" },
  { id: "orange-content", reason: "spam-detected", phrases: ["mail rejete. mail rejected"], advice: ORANGE, example: "550 5.7.1 Mail rejete. Mail rejected. OFR_506" },
  { id: "orange-client-host", reason: "policy-violation", phrases: ["lpn*_630", "ofr*_630"], advice: ORANGE, example: "554 5.7.1 Client host rejected LPN000_630" },
  { id: "orange-later", reason: "system-error", phrases: ["lpn*_505", "ofr*_505"], advice: ORANGE, example: "421 4.2.1 Service refuse. Veuillez essayer plus tard. Service refused, please try later. LPN007_505" },
  { id: "orange-refused", reason: "blocked", phrases: ["service refuse. veuillez", "service refused, please try later", "ont ete bloques par nos services", "bloquee pour incident de spam", "abus detecte gu_eib", "too many spams from your ip"], advice: ORANGE, example: "550 mwinf5c10 ME Service refuse. Veuillez essayer plus tard. Service refused, please try later. OFR006_103" },

  // GoDaddy, Cox
  { id: "godaddy-listed", reason: "blocked", phrases: [" ib104", " ib105", " ib106", " ib110", " ib111", " ib112", " ib113", "rbl reject"], advice: SPAMHAUS, example: "554 Connection refused. This IP address is listed on the Spamhaus Block List (SBL). IB104" },
  { id: "godaddy-reputation", reason: "bad-reputation", phrases: [" ib103", "poor reputation on cloudmark"], advice: "Ask for a review at https://csi.cloudmark.com/en/reset/.", example: "554 Connection refused. This IP has a poor reputation on Cloudmark Sender Intelligence (CSI). IB103" },
  { id: "godaddy-spf", reason: "auth-failure", phrases: [" ib508", "inspect your spf settings"], example: "550 5.1.0 192.0.2.222 is not allowed to send from <example.net> per it's SPF Record. Please inspect your SPF settings, and try again. IB508" },
  { id: "godaddy-reverse-dns", reason: "require-ptr", phrases: [" ib108"], example: "421 Temporarily rejected. IB108" },
  { id: "godaddy-rate", reason: "rate-limited", phrases: [" ib504", " ib510", " ib607", " ib101"], example: "550 This IP has sent too many messages this hour. IB504" },
  { id: "godaddy-content", reason: "spam-detected", phrases: [" ib212"], example: "552 This message has been rejected due to content judged to be objectionable. IB212" },
  { id: "cox-blocked", reason: "blocked", phrases: ["aup#cxbl", "aup#cdrbl", "aup#ipbl"], advice: "Ask Cox at https://www.cox.com/residential/support/cox-postmaster-email-administration.html.", example: "550 5.1.0 <bounce@example.com> sender rejected. Refer to Error Codes section. AUP#CDRBL" },
  { id: "cox-reverse-dns", reason: "require-ptr", phrases: ["aup#cxdns"], example: "554 cxr DNS check failure. AUP#CXDNS" },
  { id: "cox-authentication", reason: "auth-failure", phrases: ["aup#cxsndr"], example: "550 5.1.0 <ann@example.com> sender rejected. AUP#CXSNDR" },
  { id: "cox-connections", reason: "too-many-conn", phrases: ["aup#cxcnct", "aup#cxmxrt"], example: "421 too many sessions from 192.0.2.1. AUP#CXCNCT" },
  { id: "cox-url-listed", reason: "spam-detected", phrases: ["aup#urlbl"], example: "552 5.2.0 Message rejected. AUP#URLBL1001" },

  { id: "cpanel-account-or-domain", reason: "host-unknown", phrases: ["account or domain may not exist"], example: "The mail server could not deliver mail to joe@example.net.  The account or domain may not exist, they may be blacklisted, or missing the proper dns entries." },

  // Amazon SES
  { id: "amazon-throttling", reason: "too-many-conn", phrases: ["throttling failure"], advice: "Your SES account sends faster than its quota: see Account dashboard, Sending limits.", example: "454 Throttling failure: Daily message quota exceeded." },

  // Facebook's response codes
  { id: "facebook-recipient", reason: "user-unknown", phrases: ["rcp-p1 http", "int-p1 http", "int-p3 http", "int-p4 http"], example: "550 5.1.1 RCP-P1 http://postmaster.facebook.com/response_codes?ip=192.0.2.54#rcp Recipient address does not exist" },
  { id: "facebook-preferences", reason: "filtered", phrases: ["rcp-p2 http", "rcp-p3 http", "refused due to recipient preferences"], example: "550 5.1.1 RCP-P2 http://postmaster.facebook.com/response_codes#rcp Refused due to recipient preferences" },
  { id: "facebook-reverse-dns", reason: "require-ptr", phrases: ["dns-p3 http", "dns-t2 http"], example: "554 5.7.1 DNS-P3 http://postmaster.facebook.com/response_codes?ip=192.0.2.54#dns" },
  { id: "facebook-sender-domain", reason: "rejected", phrases: ["dns-p1 http", "dns-p2 http", "dns-t1 http"], example: "554 5.7.1 DNS-P1 http://postmaster.facebook.com/response_codes?ip=192.0.2.54#dns" },
  { id: "facebook-content", reason: "spam-detected", phrases: ["pol-p6 http", "pol-p7 http"], example: "554 5.7.1 POL-P6 http://postmaster.facebook.com/response_codes?ip=192.0.2.54#pol" },
  { id: "facebook-virus", reason: "virus-detected", phrases: ["pol-p5 http"], example: "554 5.7.1 POL-P5 http://postmaster.facebook.com/response_codes?ip=192.0.2.54#pol" },
  { id: "facebook-size", reason: "message-too-big", phrases: ["msg-p1 http", "int-p2 http"], example: "552 5.3.4 MSG-P1 http://postmaster.facebook.com/response_codes?ip=192.0.2.54#msg" },
  { id: "facebook-connections", reason: "too-many-conn", phrases: ["con-t1 http", "con-t2 http", "con-t3 http", "con-t4 http", "msg-t1 http"], example: "421 4.7.0 CON-T2 http://postmaster.facebook.com/response_codes?ip=192.0.2.54#con" },
  { id: "facebook-deactivated", reason: "suspend", phrases: ["rcp-t4 http"], example: "450 4.2.1 RCP-T4 http://postmaster.facebook.com/response_codes?ip=192.0.2.54#rcp" },
  { id: "facebook-not-accepted", reason: "blocked", phrases: ["pol-p1 http", "pol-p2 http", "pol-p3 http", "pol-p4 http", "pol-t1 http", "pol-t2 http", "pol-t3 http"], example: "554 5.7.1 POL-P4 http://postmaster.facebook.com/response_codes?ip=192.0.2.54#pol Not accepted" },

  // Tencent QQ, NetEase 163, mail.ru, docomo, KDDI, T-Online, GMX
  { id: "qq-frequency", reason: "too-many-conn", phrases: ["frequency limited"], advice: "See https://service.mail.qq.com/detail/122 and send more slowly.", example: "550 Connection frequency limited [Blocked IP 192.0.2.22]. http://service.mail.qq.com/cgi-bin/help?id=20022" },
  { id: "qq-authentication", reason: "auth-failure", phrases: ["dmarc check failed", "spf check failed", "dkim check failed"], example: "550 DMARC check failed. http://service.mail.qq.com/cgi-bin/help?subtype=1&&no=1001508" },
  { id: "qq-suspected-ip", reason: "blocked", phrases: ["suspected spam ip", "suspected bounce attacks", "ip address is blocked by qq"], example: "550 Suspected spam ip http://service.mail.qq.com/cgi-bin/help?subtype=1" },
  { id: "qq-suspected-spam", reason: "rejected", phrases: ["550 suspected spam", "mail is rejected by recipients"], example: "550 Mail is rejected by recipients [xhgAAbNWJ]. http://service.mail.qq.com/cgi-bin/help" },
  { id: "qq-content", reason: "spam-detected", phrases: ["mail content denied", "spam is embedded in the email", "help_spam_16"], example: "550 Mail content denied. http://service.mail.qq.com/cgi-bin/help?subtype=1&&no=1000726" },
  { id: "qq-deactivated", reason: "suspend", phrases: ["is a deactivated mailbox"], example: "550 The recipient is a deactivated mailbox. http://service.mail.qq.com/cgi-bin/help" },
  { id: "qq-address-syntax", reason: "syntax-error", phrases: ["550 bad address syntax"], example: "550 Bad address syntax http://service.mail.qq.com/cgi-bin/help" },
  { id: "qq-receiving-limited", reason: "rate-limited", phrases: ["frequency of receiving messages is limited", "mailbox unavailable or access denined"], example: "550 Mailbox unavailable or access denined [frequency of receiving]" },
  { id: "netease-authentication", reason: "auth-failure", phrases: ["mi:spf", "mi:dmc", "mi:dkm"], advice: "See https://mail.163.com/help/help_spam_16.htm.", example: "550 MI:SPF 163 mx12,QMCowADn7,192.0.2.1" },
  { id: "netease-reputation", reason: "bad-reputation", phrases: ["hl:rep", "hl:rbl", "hl:ihu"], example: "421 HL:REP 163 mx12,QMCowADn7,192.0.2.1" },
  { id: "netease-rate", reason: "too-many-conn", phrases: ["hl:itc", "hl:icc", "hl:mep", "rp:qrc", "rp:trc", "rp:drc", "mi:imf"], example: "421 HL:ICC 163 mx12,192.0.2.1" },
  { id: "netease-spam", reason: "spam-detected", phrases: ["mi:spb", "dt:spm", "dt:sum"], example: "554 DT:SPM 163 mx24,192.0.2.1" },
  { id: "docomo-unknown-user", reason: "user-unknown", phrases: ["unknown user*docomo."], unlessRcpt: "filtered", excuse: true, example: "550 Unknown user joe@docomo.ne.jp" },
  { id: "docomo-too-much", reason: "mailbox-full", phrases: ["too much mail data"], example: "552 too much mail data" },
  { id: "kddi-user-unknown", reason: "user-unknown", phrases: [">: user unknown"], example: "550 <joe@ezweb.ne.jp>: User unknown" },
  { id: "kddi-filtered", reason: "filtered", phrases: ["550 : user unknown", "550: : user unknown"], example: "550 : User unknown" },
  { id: "t-online-reputation", reason: "bad-reputation", phrases: ["none/bad reputation", "tosa@rx.t-online.de"], advice: "Write to tosa@rx.t-online.de with your IP address; T-Online wants reverse DNS and an imprint on that host name.", example: "554 IP=192.0.2.1 - None/bad reputation. Ask your postmaster for help or to contact tosa@rx.t-online.de for reset. (NOWL)" },
  { id: "gmx-reverse-dns", reason: "require-ptr", phrases: ["bad dns ptr resource record", "error-messages?ip=*c=rdns"], example: "554-mail.com (mxgmxus002) Nemesis ESMTP Service not available 554-No SMTP service 554-Bad DNS PTR resource record." },
  { id: "gmx-ip-policy", reason: "blocked", phrases: ["nemesis esmtp service not available*no smtp service", "reject due to policy restrictions", "transaction failed*for explanation visit"], advice: "Follow the link in the diagnostic: postmaster.gmx.net or postmaster.1and1.com names the cause.", example: "554-gmx.net (mxgmx112) Nemesis ESMTP Service not available 554-No SMTP service 554-IP address is block listed." },
  { id: "gmx-size", reason: "message-too-big", phrases: ["mail size limit exceeded"], example: "Mail size limit exceeded. For explanation visit http://postmaster.1and1.com/en/error-messages?ip=%1s" },
  { id: "mailru-dynamic", reason: "blocked", phrases: ["do not accept mail from dynamic ip", "hosts with dynamic ip"], example: "550 We do not accept mail from dynamic IPs." },
  { id: "mailru-ptr", reason: "require-ptr", phrases: ["generic dns ptr-records"], example: "550 We do not accept mail from hosts with generic DNS PTR-records." },
];
