/** MTAs that write RFC 3464: each with its own sender, subject, words and extra fields. */
import { type BounceDialect, type BounceFacts, type ReportParts, reportMail } from "./bounce.ts";

type Write = (facts: BounceFacts) => ReportParts;

const said = ({ failure: { remote, replyCode, status, words } }: BounceFacts): string =>
  remote === undefined
    ? `${status} ${words}`
    : `host ${remote.name}[${remote.ip}] said: ${replyCode} ${status} ${words} (in reply to RCPT TO command)`;

const reply = ({ failure: { replyCode, status, words } }: BounceFacts): string => `${replyCode} ${status} ${words}`;

/** Exchange's report, by its phrases in one language of the server. */
function exchange(subject: string, opening: string, explains: string, diagnostics: string, server: string): Write {
  return (facts) => ({
    from: `postmaster@${facts.reporter.name.split(".").slice(1).join(".")}`,
    subject: `${subject}: ${facts.mail.subject}`,
    text: [
      opening,
      "",
      facts.mail.recipient,
      explains,
      "",
      diagnostics,
      "",
      `${server}: ${facts.reporter.name}`,
      "",
      facts.mail.recipient,
      `Remote Server returned '${reply(facts)}'`,
    ].join("\n"),
    fields: [["Auto-Submitted", "auto-replied"]],
  });
}

const DIALECTS: Readonly<Record<string, Write>> = {
  postfix: (facts) => ({
    from: `MAILER-DAEMON@${facts.reporter.name} (Mail Delivery System)`,
    subject:
      facts.failure.action === "failed" ? "Undelivered Mail Returned to Sender" : "Delayed Mail (still being retried)",
    text: [
      `This is the mail system at host ${facts.reporter.name}.`,
      "",
      ...(facts.failure.action === "failed"
        ? ["I'm sorry to have to inform you that your message could not", "be delivered to one or more recipients."]
        : [
            "THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
            "",
            "Your message could not be delivered for more than 4 hour(s).",
          ]),
      "",
      `<${facts.mail.recipient}>: ${said(facts)}`,
    ].join("\n"),
    fields: [["Auto-Submitted", "auto-replied"]],
    perMessage: [
      ["X-Postfix-Queue-ID", facts.mail.queueId ?? facts.random.word(10).toUpperCase()],
      ["X-Postfix-Sender", `rfc822; ${facts.mail.sender}`],
    ],
  }),
  exim: (facts) => ({
    from: `Mail Delivery System <Mailer-Daemon@${facts.reporter.name}>`,
    subject:
      facts.failure.action === "failed"
        ? "Mail delivery failed: returning message to sender"
        : "Warning: message delayed 24 hours",
    text: [
      "This message was created automatically by mail delivery software.",
      "",
      ...(facts.failure.action === "failed"
        ? [
            "A message that you sent could not be delivered to one or more of its",
            "recipients. This is a permanent error. The following address(es) failed:",
          ]
        : [
            "A message that you sent has not yet been delivered to one or more of its",
            "recipients after more than 24 hours on the queue.",
          ]),
      "",
      `  ${facts.mail.recipient}`,
      ...(facts.failure.remote === undefined
        ? [`    ${facts.failure.words}`]
        : [
            `    host ${facts.failure.remote.name} [${facts.failure.remote.ip}]`,
            `    SMTP error from remote mail server after RCPT TO:<${facts.mail.recipient}>:`,
            `    ${reply(facts)}`,
          ]),
    ].join("\n"),
    fields: [
      ["X-Failed-Recipients", facts.mail.recipient],
      ["Auto-Submitted", "auto-replied"],
    ],
  }),
  sendmail: (facts) => ({
    from: `Mail Delivery Subsystem <MAILER-DAEMON@${facts.reporter.name}>`,
    subject:
      facts.failure.action === "failed"
        ? "Returned mail: see transcript for details"
        : "Warning: could not send message for past 4 hours",
    text: [
      "   ----- The following addresses had permanent fatal errors -----",
      `<${facts.mail.recipient}>`,
      `    (reason: ${reply(facts)})`,
      "",
      "   ----- Transcript of session follows -----",
      ...(facts.failure.remote === undefined ? [] : [`... while talking to ${facts.failure.remote.name}.:`]),
      `>>> RCPT To:<${facts.mail.recipient}>`,
      `<<< ${reply(facts)}`,
    ].join("\n"),
    fields: [["Auto-Submitted", "auto-generated (failure)"]],
  }),
  "exchange-english": exchange(
    "Undeliverable",
    "Delivery has failed to these recipients or groups:",
    "The message could not be delivered. Please check the address.",
    "Diagnostic information for administrators:",
    "Generating server",
  ),
  "exchange-german": exchange(
    "Unzustellbar",
    "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:",
    "Die Nachricht konnte nicht zugestellt werden.",
    "Diagnoseinformationen für Administratoren:",
    "Generierender Server",
  ),
  "exchange-french": exchange(
    "Non remis",
    "Échec de la remise à ces destinataires ou groupes :",
    "Votre message n'a pas pu être remis.",
    "Informations de diagnostic pour les administrateurs :",
    "Serveur de génération",
  ),
  "exchange-spanish": exchange(
    "No se puede entregar",
    "No se pudo entregar el mensaje a estos destinatarios o grupos:",
    "No se pudo entregar el mensaje.",
    "Información de diagnóstico para administradores:",
    "Generando servidor",
  ),
  "exchange-italian": exchange(
    "Non recapitabile",
    "Impossibile recapitare il messaggio ai seguenti destinatari o gruppi:",
    "Il messaggio non è stato recapitato.",
    "Informazioni di diagnostica per gli amministratori:",
    "Server che ha generato l'errore",
  ),
  "exchange-japanese": exchange(
    "配信不能",
    "次の受信者またはグループへの配信に失敗しました:",
    "メッセージを配信できませんでした。",
    "管理者向けの診断情報:",
    "生成サーバー",
  ),
  gmail: (facts) => ({
    from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    subject: `Delivery Status Notification (${facts.failure.action === "failed" ? "Failure" : "Delay"})`,
    text: [
      "** Message not delivered **",
      "",
      `Your message wasn't delivered to ${facts.mail.recipient} because the remote server refused it.`,
      "",
      "The response from the remote server was:",
      reply(facts),
    ].join("\n"),
    fields: [
      ["X-Failed-Recipients", facts.mail.recipient],
      ["Auto-Submitted", "auto-replied"],
    ],
    reportingMta: "googlemail.com",
  }),
  opensmtpd: (facts) => ({
    from: `Mailer Daemon <MAILER-DAEMON@${facts.reporter.name}>`,
    subject: "Delivery status notification: error",
    text: [
      "    Hi!",
      "",
      "    This is the MAILER-DAEMON, please DO NOT REPLY to this email.",
      "",
      "    An error has occurred while attempting to deliver a message for",
      "    the following list of recipients:",
      "",
      `${facts.mail.recipient}: ${reply(facts)}`,
    ].join("\n"),
  }),
  courier: (facts) => ({
    from: `"Courier mail server at ${facts.reporter.name}" <@>`,
    subject: "NOTICE: mail delivery status.",
    text: [
      "This is a delivery status notification from",
      `${facts.reporter.name}, running the Courier mail server.`,
      "",
      "The following recipients were not reached:",
      "",
      `<${facts.mail.recipient}>:`,
      `    ${reply(facts)}`,
    ].join("\n"),
  }),
  powermta: (facts) => ({
    from: `postmaster@${facts.reporter.name}`,
    subject: "Delivery report",
    text: [
      "This is an automatically generated Delivery Status Notification.",
      "",
      "I am sending you this message to inform you on the delivery status of a message you previously sent.",
      "Immediately below you will find a list of the affected recipients.",
      "",
      `<${facts.mail.recipient}>: delivery failed; ${reply(facts)}`,
    ].join("\n"),
  }),
  "iis-english": (facts) => ({
    from: `postmaster@${facts.reporter.name}`,
    subject: "Delivery Status Notification (Failure)",
    text: `This is an automatically generated Delivery Status Notification.\n\nDelivery to the following recipients failed.\n\n       ${facts.mail.recipient}`,
    perMessage: [["Received-From-MTA", `dns;${facts.random.word(8)}`]],
  }),
  "iis-german": (facts) => ({
    from: `postmaster@${facts.reporter.name}`,
    subject: "Benachrichtigung zum Übermittlungsstatus (Fehlgeschlagen)",
    text: `Dies ist eine automatisch erstellte Benachrichtigung über den Zustellstatus.\n\nÜbermittlung an folgende Empfänger fehlgeschlagen.\n\n       ${facts.mail.recipient}`,
  }),
  amazon: (facts) => ({
    from: "MAILER-DAEMON@amazonses.example",
    subject: "Delivery Status Notification (Failure)",
    text: `An error occurred while trying to deliver the mail to the following recipients:\n${facts.mail.recipient}`,
  }),
  domino: (facts) => ({
    from: `postmaster@${facts.reporter.name}`,
    subject: `DELIVERY FAILURE: ${facts.failure.words}`,
    text: `Your message\n\n  Subject: ${facts.mail.subject}\n\nwas not delivered to:\n\n  ${facts.mail.recipient}\n\nbecause:\n\n  ${reply(facts)}`,
  }),
};

export const REPORT_DIALECTS: readonly BounceDialect[] = Object.entries(DIALECTS).map(([name, write]) => ({
  name,
  write: (facts) => reportMail(facts, write(facts)),
}));
