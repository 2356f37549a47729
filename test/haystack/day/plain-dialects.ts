/** MTAs that write words and no RFC 3464; a reader has to know their sentences. */
import { type BounceDialect, type BounceFacts, type PlainParts, plainMail } from "./bounce.ts";

type Write = (facts: BounceFacts) => PlainParts;

const reply = ({ failure: { replyCode, status, words } }: BounceFacts): string => `${replyCode} ${status} ${words}`;
const daemon = ({ reporter }: BounceFacts): string => `MAILER-DAEMON@${reporter.name}`;
const BELOW = "--- Below this line is a copy of the message.";

const DIALECTS: Readonly<Record<string, Write>> = {
  qmail: (facts) => ({
    from: daemon(facts),
    subject: "failure notice",
    text: [
      `Hi. This is the qmail-send program at ${facts.reporter.name}.`,
      "I'm afraid I wasn't able to deliver your message to the following addresses.",
      "This is a permanent error; I've given up. Sorry it didn't work out.",
      "",
      `<${facts.mail.recipient}>:`,
      ...(facts.failure.remote === undefined
        ? [`${facts.failure.words} (#${facts.failure.status})`]
        : [
            `${facts.failure.remote.ip} does not like recipient.`,
            `Remote host said: ${reply(facts)}`,
            `Giving up on ${facts.failure.remote.ip}.`,
          ]),
    ].join("\n"),
    announces: BELOW,
  }),
  "exim-of-old": (facts) => ({
    from: `Mail Delivery System <Mailer-Daemon@${facts.reporter.name}>`,
    subject: "Mail delivery failed: returning message to sender",
    text: [
      "This message was created automatically by mail delivery software.",
      "",
      "A message that you sent could not be delivered to one or more of its",
      "recipients. This is a permanent error. The following address(es) failed:",
      "",
      `  ${facts.mail.recipient}`,
      "    SMTP error from remote mail server after RCPT TO:",
      `    ${reply(facts)}`,
    ].join("\n"),
    announces: "------ This is a copy of the message, including all the headers. ------",
    fields: [["X-Failed-Recipients", facts.mail.recipient]],
  }),
  yahoo: (facts) => ({
    from: "MAILER-DAEMON@yahoo.com",
    subject: "Failure Notice",
    text: `Sorry, we were unable to deliver your message to the following address.\n\n<${facts.mail.recipient}>:\n${reply(facts)}`,
    announces: BELOW,
  }),
  "gmail-of-old": (facts) => ({
    from: "Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    subject: "Delivery Status Notification (Failure)",
    text: [
      "Delivery to the following recipient failed permanently:",
      "",
      `     ${facts.mail.recipient}`,
      "",
      "Technical details of permanent failure:",
      "Google tried to deliver your message, but it was rejected by the server for the recipient domain.",
      "",
      "The error that the other server returned was:",
      reply(facts),
    ].join("\n"),
    announces: "----- Original message -----",
  }),
  "sendmail-of-old": (facts) => ({
    from: `Mail Delivery Subsystem <${daemon(facts)}>`,
    subject: "Returned mail: User unknown",
    text: [
      `The original message was received at ${new Date(facts.mail.sentAtMs).toUTCString()}`,
      "",
      "   ----- The following addresses had permanent fatal errors -----",
      `<${facts.mail.recipient}>`,
      `    (reason: ${reply(facts)})`,
      "",
      "   ----- Transcript of session follows -----",
      `... while talking to ${facts.failure.remote?.name ?? facts.reporter.name}.:`,
      `>>> RCPT To:<${facts.mail.recipient}>`,
      `<<< ${reply(facts)}`,
    ].join("\n"),
    announces: "   ----- Original message follows -----",
  }),
  "exchange-of-old": (facts) => ({
    from: `System Administrator <postmaster@${facts.reporter.name}>`,
    subject: `Undeliverable: ${facts.mail.subject}`,
    text: [
      "Your message",
      "",
      `  To:      ${facts.mail.recipient}`,
      `  Subject: ${facts.mail.subject}`,
      "",
      "did not reach the following recipient(s):",
      "",
      `${facts.mail.recipient} on ${new Date(facts.atMs).toUTCString()}`,
      `    ${facts.failure.words}`,
      `    <${facts.reporter.name} #${facts.failure.status} smtp;${reply(facts)}>`,
    ].join("\n"),
    announces: "----- Original message -----",
  }),
  mailenable: (facts) => ({
    from: `postmaster@${facts.reporter.name}`,
    subject: "Message Delivery Failure",
    text: `MailEnable: Message Delivery Failure.\n\nThe following recipient(s) could not be reached:\n\nRecipient: [SMTP:${facts.mail.recipient}]\nReason: ${reply(facts)}`,
    announces: "Message headers follow:",
  }),
  communigate: (facts) => ({
    from: `Mail Delivery Subsystem <${daemon(facts)}>`,
    subject: "Undeliverable mail",
    text: `Failed to deliver to '${facts.mail.recipient}'\nSMTP module(domain ${facts.mail.recipient.split("@")[1]}) reports:\n ${reply(facts)}`,
    announces: "Original-Message follows:",
  }),
  mercury: (facts) => ({
    from: `Electronic Postmaster <postmaster@${facts.reporter.name}>`,
    subject: "Postmaster Notify: Delivery Failure.",
    text: `The following addresses in your message have failed:\n\n<${facts.mail.recipient}>\n${reply(facts)}\n\nOne or more addresses in your message have failed with the above error.`,
    announces: "The message follows:",
  }),
  hmailserver: (facts) => ({
    from: daemon(facts),
    subject: `Message undeliverable: ${facts.mail.subject}`,
    text: `Your message did not reach some or all of the intended recipients.\n\nThe following recipient(s) could not be reached:\n\n${facts.mail.recipient}\n   Error Type: SMTP\n   Remote server said: ${reply(facts)}\n\nhMailServer`,
    announces: "----- Original message -----",
  }),
  groupwise: (facts) => ({
    from: `Mailer-Daemon@${facts.reporter.name}`,
    subject: "Mail System Error - Returned Mail",
    text: `The message that you sent was undeliverable to the following:\n\n\t${facts.mail.recipient} (${reply(facts)})`,
    announces: "----- Original message -----",
  }),
  mdaemon: (facts) => ({
    from: `MDaemon at ${facts.reporter.name} <MDaemon@${facts.reporter.name}>`,
    subject: "Permanent Delivery Failure",
    text: `The attached message had PERMANENT fatal delivery errors!\n\nFailed address: ${facts.mail.recipient}\n\n--- Session Transcript ---\n <-- ${reply(facts)}\n--- End Transcript ---`,
    announces: ": Message contains [1] file attachments",
  }),
  "netscape-server": (facts) => ({
    from: `Mail Administrator <postmaster@${facts.reporter.name}>`,
    subject: "Mail System Error - Returned Mail",
    text: `This Message was undeliverable due to the following reason:\n\n${reply(facts)}\n\n     <${facts.mail.recipient}>\n\nPlease reply to <postmaster@${facts.reporter.name}>\nif you feel this message to be in error.`,
    announces: "----- Original message -----",
  }),
};

export const PLAIN_DIALECTS: readonly BounceDialect[] = Object.entries(DIALECTS).map(([name, write]) => ({
  name,
  write: (facts) => plainMail(facts, write(facts)),
}));
