/** Letters from people to postmaster@: many languages, some with a bounce quoted or attached, some about the joe job. */
import { type BounceFacts, outerMail, returnedText } from "./bounce.ts";
import { anyAddress, anyDomain, anyIp, mailHost, OUR_MX } from "./host.ts";
import { encodedWord, headerBlock, mailDate } from "./mail-text.ts";
import type { Random } from "./seeded-random.ts";

interface Language {
  readonly names: readonly string[];
  readonly greetings: readonly string[];
  /** Subject and text: mail that does not arrive. */
  readonly trouble: readonly (readonly [subject: string, text: string])[];
  /** Subject and text: spam in our name. */
  readonly spam: readonly (readonly [subject: string, text: string])[];
  readonly closings: readonly string[];
}

const LANGUAGES: readonly Language[] = [
  {
    names: ["Joe Miller", "Sarah Hill"],
    greetings: ["Dear postmaster,", "Hello,", "Good morning,"],
    trouble: [
      [
        "Mail to your users is rejected",
        "since yesterday my mail to Ann in your accounting office comes back. Could you please check what your server does not like?",
      ],
      [
        "Cannot reach bob@example.com",
        "I have tried three times to write to Bob, and nothing arrives. He asked me on the phone to tell you.",
      ],
      [
        "Question about your mail server",
        "your server answers very slowly when our server delivers mail. Is there anything that we should change on our side?",
      ],
    ],
    spam: [
      [
        "I get spam from your address",
        "I keep receiving advertisements for pills that claim to come from your company. I never asked for them. Please make it stop.",
      ],
      [
        "Somebody is using your domain",
        "our users received hundreds of messages with your address as the sender today. I think that somebody forges it; you may want to know.",
      ],
    ],
    closings: ["Regards,", "Thank you for your help,", "Kind regards"],
  },
  {
    names: ["Petra Schulz", "Jürgen Weiß"],
    greetings: ["Sehr geehrte Damen und Herren,", "Guten Tag,", "Hallo,"],
    trouble: [
      [
        "Meine Mails kommen nicht an",
        "seit gestern kommen alle meine Nachrichten an Frau Beispiel zurück. Können Sie bitte nachsehen, woran das liegt?",
      ],
      [
        "Frage zu Ihrem Mailserver",
        "unser Server wird von Ihrem abgewiesen. Was müssen wir ändern, damit unsere Post wieder angenommen wird?",
      ],
    ],
    spam: [
      [
        "Spam von Ihrer Adresse",
        "ich bekomme ständig Werbung, die angeblich von Ihnen kommt. Bitte sorgen Sie dafür, dass das aufhört.",
      ],
    ],
    closings: ["Mit freundlichen Grüßen", "Viele Grüße", "Danke im Voraus"],
  },
  {
    names: ["Marie Dupont", "Hélène Roux"],
    greetings: ["Bonjour,", "Madame, Monsieur,"],
    trouble: [
      [
        "Mes messages sont refusés",
        "depuis hier, mes messages à votre service comptable me reviennent. Pouvez-vous vérifier la configuration de votre serveur ?",
      ],
    ],
    spam: [
      [
        "Publicité envoyée en votre nom",
        "je reçois chaque jour des publicités qui portent votre adresse. Merci de faire le nécessaire.",
      ],
    ],
    closings: ["Cordialement", "Merci d'avance"],
  },
  {
    names: ["Ana Gómez", "Luis Peña"],
    greetings: ["Buenos días:", "Hola,"],
    trouble: [
      [
        "No puedo escribir a su empresa",
        "desde ayer me devuelven todos los correos que envío a sus compañeros. ¿Podrían revisarlo, por favor?",
      ],
    ],
    spam: [
      [
        "Correo basura desde su dominio",
        "recibo muchos mensajes de publicidad con su dirección. Por favor, hagan algo.",
      ],
    ],
    closings: ["Un saludo", "Muchas gracias"],
  },
  {
    names: ["Giulia Rossi"],
    greetings: ["Buongiorno,", "Gentili signori,"],
    trouble: [
      [
        "La mia posta viene respinta",
        "da ieri i miei messaggi per la signora Esempio tornano indietro. Potete controllare il vostro server?",
      ],
    ],
    spam: [
      [
        "Ricevo spam dal vostro indirizzo",
        "ricevo da giorni pubblicità che sembra inviata da voi. Vi prego di verificare.",
      ],
    ],
    closings: ["Cordiali saluti", "Grazie"],
  },
  {
    names: ["Piet de Vries"],
    greetings: ["Beste postmaster,", "Goedendag,"],
    trouble: [
      [
        "Mijn mail komt niet aan",
        "sinds gisteren komen mijn berichten aan uw collega terug. Kunt u nakijken wat er mis is?",
      ],
    ],
    spam: [["Spam van uw domein", "ik krijg veel reclame met uw adres als afzender. Kunt u dat stoppen?"]],
    closings: ["Met vriendelijke groet", "Alvast bedankt"],
  },
  {
    names: ["Paweł Nowak"],
    greetings: ["Dzień dobry,", "Szanowni Państwo,"],
    trouble: [
      [
        "Moja poczta nie dochodzi",
        "od wczoraj moje wiadomości do Państwa działu wracają. Czy mogą Państwo to sprawdzić?",
      ],
    ],
    spam: [["Spam z Państwa adresu", "dostaję reklamy wysyłane rzekomo od Państwa. Proszę o pomoc."]],
    closings: ["Z poważaniem", "Dziękuję"],
  },
  {
    names: ["João Silva"],
    greetings: ["Bom dia,", "Prezados,"],
    trouble: [
      [
        "Meus emails são devolvidos",
        "desde ontem as minhas mensagens para a sua empresa são devolvidas. Podem verificar o servidor, por favor?",
      ],
    ],
    spam: [["Spam em seu nome", "estou recebendo propaganda com o endereço de vocês. Por favor, verifiquem."]],
    closings: ["Atenciosamente", "Obrigado"],
  },
  {
    names: ["Ольга Иванова"],
    greetings: ["Здравствуйте,", "Добрый день!"],
    trouble: [
      [
        "Письма не доходят",
        "со вчерашнего дня мои письма вашему сотруднику возвращаются. Проверьте, пожалуйста, ваш почтовый сервер.",
      ],
    ],
    spam: [["Спам с вашего адреса", "мне приходит реклама, отправленная якобы от вас. Пожалуйста, разберитесь."]],
    closings: ["С уважением", "Спасибо"],
  },
  {
    names: ["田中 健"],
    greetings: ["お世話になっております。", "担当者様"],
    trouble: [
      ["メールが届きません", "昨日から御社宛てのメールが戻ってきます。サーバーの設定をご確認いただけますでしょうか。"],
    ],
    spam: [["迷惑メールについて", "御社のアドレスから広告メールが何通も届いています。ご対応をお願いいたします。"]],
    closings: ["よろしくお願いいたします。", "失礼いたします。"],
  },
  {
    names: ["李伟"],
    greetings: ["您好：", "管理员您好，"],
    trouble: [["邮件被退回", "从昨天开始，我发给贵公司同事的邮件都被退回。请帮忙检查一下邮件服务器。"]],
    spam: [["收到来自贵公司的垃圾邮件", "我最近收到很多以贵公司地址发送的广告邮件，请处理。"]],
    closings: ["谢谢", "此致敬礼"],
  },
  {
    names: ["Åsa Lind"],
    greetings: ["Hej,", "God morgon,"],
    trouble: [
      ["Min post kommer inte fram", "sedan i går studsar mina brev till er kollega. Kan ni se efter vad som är fel?"],
    ],
    spam: [["Skräppost från er adress", "jag får reklam som verkar komma från er. Var snäll och stoppa det."]],
    closings: ["Med vänlig hälsning", "Tack på förhand"],
  },
];

/** What a letter may have with it. */
export type Enclosure = "none" | "quoted" | "attached";

export interface LetterOptions {
  readonly atMs: number;
  readonly enclosure: Enclosure;
  /** A bounce that the writer got; quoted or attached. */
  readonly bounce: string;
}

export function writeLetter({ atMs, enclosure, bounce }: LetterOptions, random: Random): string {
  const language = random.pick(LANGUAGES);
  const aboutSpam = random.chance(0.35);
  const [subject, text] = random.pick(aboutSpam ? language.spam : language.trouble);
  const name = random.pick(language.names);
  const domain = anyDomain(random);
  const from = anyAddress(domain, random);
  const host = mailHost(domain, random);
  const words = [random.pick(language.greetings), "", text, "", random.pick(language.closings), name].join("\n");
  const boundary = `=_${random.word(16)}`;
  const attached = enclosure === "attached";
  const header = headerBlock([
    [
      "Received",
      `from ${host.name} (${host.name} [${host.ip}])\n\tby ${OUR_MX.name} (Postfix) with ESMTPS id ${random.word(10).toUpperCase()}\n\tfor <postmaster@example.com>; ${mailDate(atMs)}`,
    ],
    ["Date", mailDate(atMs - 5_000)],
    ["From", `${encodedWord(name)} <${from}>`],
    ["To", "postmaster@example.com"],
    ["Subject", encodedWord(`${random.chance(0.15) ? "Fwd: " : ""}${subject}`)],
    ["Message-ID", `<${random.word(18)}@${domain}>`],
    ["User-Agent", random.pick(["Mozilla Thunderbird", "Mutt/2.2", "K-9 Mail"])],
    ["MIME-Version", "1.0"],
    ["Content-Type", attached ? `multipart/mixed; boundary="${boundary}"` : "text/plain; charset=utf-8"],
    ["Content-Transfer-Encoding", "8bit"],
  ]);
  if (attached) {
    const part = `--${boundary}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n${words}\n\n`;
    return `${header}\n${part}--${boundary}\nContent-Type: message/rfc822\nContent-Disposition: attachment\n\n${bounce}\n--${boundary}--\n`;
  }
  const quote = bounce
    .split("\n")
    .slice(0, 25)
    .map((line) => `> ${line}`);
  return `${header}\n${enclosure === "quoted" ? `${words}\n\n${quote.join("\n")}\n` : `${words}\n`}`;
}

/** A feedback report (RFC 5965) about mail of ours, in the forms of several providers: some hide the recipient. */
export function writeFeedbackReport(facts: BounceFacts): string {
  const { reporter, mail, atMs, random } = facts;
  const boundary = `=_${random.word(16)}`;
  const hidden = random.chance(0.4);
  const report = headerBlock([
    ["Feedback-Type", random.pick(["abuse", "abuse", "abuse", "fraud", "not-spam"])],
    ["User-Agent", random.pick(["IspLoop/2.0", "FeedbackAgent/1.3", "SomeGenerator/1.0"])],
    ["Version", "1"],
    ["Original-Mail-From", `<${mail.sender}>`],
    ...(hidden ? [] : [["Original-Rcpt-To", `<${mail.recipient}>`] as const]),
    ["Arrival-Date", mailDate(mail.sentAtMs)],
    ["Source-IP", random.chance(0.9) ? "192.0.2.10" : anyIp(random)],
    ["Reported-Domain", "example.com"],
  ]);
  const body = [
    `--${boundary}\nContent-Type: text/plain\n\nThis is an email abuse report for an email message received at ${mailDate(atMs)}.\n`,
    `--${boundary}\nContent-Type: message/feedback-report\n\n${report}`,
    `--${boundary}\nContent-Type: ${facts.returns === "message" ? "message/rfc822" : "text/rfc822-headers"}\n\n${returnedText(facts)}`,
    `--${boundary}--\n`,
  ].join("\n");
  return outerMail(facts, {
    from: `feedbackloop@${reporter.name}`,
    subject: `FW: ${mail.subject}`,
    contentType: `multipart/report; report-type=feedback-report;\n\tboundary="${boundary}"`,
    body,
  });
}
