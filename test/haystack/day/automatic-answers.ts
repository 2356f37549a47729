/** What a joe job brings besides bounces: holiday replies, challenges, virus notices and tickets of those who got the spam. */
import { type BounceFacts, outerMail } from "./bounce.ts";
import type { Field } from "./mail-text.ts";

type Answer = (facts: BounceFacts) => string;

const TEXT = "text/plain; charset=utf-8";
const EIGHT_BIT: Field = ["Content-Transfer-Encoding", "8bit"];

const HOLIDAYS: readonly { readonly subject: string; readonly text: string }[] = [
  { subject: "Out of office", text: "I am out of the office until Monday and will answer your mail then." },
  { subject: "Abwesenheitsnotiz", text: "Ich bin bis Montag nicht im Büro. Ihre Nachricht wird nicht weitergeleitet." },
  { subject: "Absence du bureau", text: "Je suis absent du bureau jusqu'à lundi." },
  { subject: "Respuesta automática", text: "Estoy fuera de la oficina hasta el lunes." },
  { subject: "Automatisch antwoord", text: "Ik ben tot maandag afwezig." },
];

const ANSWERS: readonly Answer[] = [
  (facts) => {
    const { subject, text } = facts.random.pick(HOLIDAYS);
    return outerMail(facts, {
      from: facts.mail.recipient,
      subject: `${subject}: ${facts.mail.subject}`,
      fields: [["Auto-Submitted", "auto-replied"], ["In-Reply-To", facts.mail.messageId], EIGHT_BIT],
      contentType: TEXT,
      body: `${text}\n`,
    });
  },
  (facts) =>
    outerMail(facts, {
      from: facts.mail.recipient,
      subject: "Please confirm your message",
      fields: [["Auto-Submitted", "auto-replied"], ["X-Delivery-Agent", "TMDA/1.1"], EIGHT_BIT],
      contentType: TEXT,
      body:
        `This message was created automatically by mail delivery software (TMDA).\n\nYour message is being held because the ` +
        `address <${facts.mail.sender}> has not been verified.\n\nTo release your message for delivery, please send an empty ` +
        `message to the following address:\n\n    joe-confirm-accept.${facts.random.word(6)}@${facts.reporter.name}\n`,
    }),
  (facts) =>
    outerMail(facts, {
      from: `MailScanner <postmaster@${facts.reporter.name}>`,
      subject: "Warning: E-mail viruses detected",
      fields: [["Auto-Submitted", "auto-generated"], EIGHT_BIT],
      contentType: TEXT,
      body:
        `Our virus detector has just been triggered by a message you sent:-\n  To: ${facts.mail.recipient}\n  Subject: ` +
        `${facts.mail.subject}\n\nOne or more of the attachments are on the list of unacceptable attachments for this site and ` +
        "will not have been delivered.\n",
    }),
  (facts) =>
    outerMail(facts, {
      from: `Helpdesk <${facts.mail.recipient}>`,
      subject: `[Ticket#${facts.random.below(900_000)}] We have received your request: ${facts.mail.subject}`,
      fields: [["Auto-Submitted", "auto-generated"], ["Precedence", "bulk"], EIGHT_BIT],
      contentType: TEXT,
      body: "Thank you for your message. A ticket was opened, and one of us will come back to you.\n",
    }),
];

/** Half of them are holiday replies. */
export function writeAnswer(facts: BounceFacts): string {
  const answer = facts.random.chance(0.5) ? ANSWERS[0] : facts.random.pick(ANSWERS);
  return (answer as Answer)(facts);
}
