/**
 * Notices of virus scanners and content filters to the (usually forged) sender. Lower case; each with its product.
 */

export const FILTER_SUBJECTS: readonly string[] = [
  "virus found", // Trend, MDaemon, eTrust
  "virus alert", // ScanMail
  "virus warning",
  "virus detected", // Symantec, McAfee
  "virus notification", // Sophos
  "virus infected", // F-Secure
  "virus in your mail",
  "virus in mail",
  "virus in message",
  "a virus was",
  "[virus]",
  "infected file", // Dr.Web
  "viruses detected", // MailScanner: "Warning: E-mail viruses detected"
  "virus (", // amavisd-new: "VIRUS (Eicar-Test-Signature) in mail FROM YOU"
  "banned contents", // amavisd-new
  "banned filename", // amavisd-new, MIMEDefang
  "banned file", // MDaemon
  "considered unsolicited bulk email, apparently from you", // amavisd-new
  "unsolicited bulk email, apparently from you",
  "mail you sent is infected",
  "mailscanner", // "Warning: MailScanner found ..."
  "e-mail content filter",
  "content filter notification", // McAfee, IMSS
  "content violation",
  "content alert",
  "attachment removed",
  "attachment blocked",
  "disallowed attachment",
  "disallowed content",
  "prohibited attachment",
  "message quarantined",
  "mail quarantined",
  "norton antivirus detected",
  "scanmail message", // Trend ScanMail for Exchange
  "antigen found", // Sybari Antigen: "Antigen found VIRUS= ..."
  "antivir alert", // H+BEDV
  "policy violation",
  "report to sender", // GroupShield
  "mailsweeper", // Clearswift
  "mail marshal", // NetIQ: "MailMarshal has stopped ..."
  "panda perimeter",
  "virenwarnung",
  "virenalarm",
  "virus gefunden",
  "virus entdeckt",
  "alerte virus",
  "virus détecté",
  "virus detectado",
  "aviso de virus",
  "aviso de vírus",
  "virus rilevato",
  "virus gevonden",
  "обнаружен вирус",
  "вирус в",
  "wykryto wirusa",
  "ウイルス",
  "ウィルス",
  "病毒",
];

export const FILTER_BODIES: readonly string[] = [
  "our virus scanner", // amavis, qmail-scanner
  "our virus checker", // amavisd-new
  "our content checker found", // amavisd-new
  "virus checker found", // amavisd-new
  "a virus was found in an email message you sent", // qmail-scanner
  "a virus was found in an email",
  "a virus was detected",
  "was found to contain a virus",
  "was infected with",
  "contains a virus",
  "contained a virus",
  "contained the following virus",
  "found a virus",
  "has detected a virus",
  "have detected a virus", // Symantec
  "is infected with", // Kaspersky, Dr.Web
  "the following viruses were found",
  "the message was not delivered because it contained",
  "the attachment was removed",
  "has been quarantined",
  "was quarantined",
  "violates our content policy",
  "violated our policy",
  "content security policy",
  "a banned attachment",
  "attachment type is not allowed",
  "enthält einen virus",
  "einen virus gefunden",
  "virenscanner",
  "contient un virus",
  "contiene un virus",
  "contém um vírus",
  "bevat een virus",
  "содержит вирус",
  "ウイルスが検出",
];
