/**
 * Microsoft Exchange: Internet Mail Service 5.5 and Exchange 2000/2003 ("did not reach the following recipient(s)"),
 * Exchange 2007 to Online ("Diagnostic information for administrators"), in the languages of the server. Sources: the
 * NDR samples of Microsoft KB 284204 and "Email non-delivery reports in Exchange Online" (learn.microsoft.com).
 */
import type { Dialect, DialectFinding, DialectRecipient } from "./dialect.ts";
import { firstAddress, joinLines, loneAddress } from "./grammar/addresses.ts";
import { defineDialect } from "./grammar/define-dialect.ts";
import type { ReportText } from "./grammar/report-text.ts";

/** Exchange 5.5 to 2003: the line above the list, per language. */
const NOT_REACHED: readonly string[] = [
  "did not reach the following recipient(s):",
  "could not reach the following recipient(s):",
  "the following recipient(s) could not be reached:",
  "the following recipient(s) cannot be reached:",
  "following recipient(s) could not be reached",
  "die folgenden empfänger konnten nicht erreicht werden",
  "folgende empfänger konnten nicht erreicht werden",
  "hat folgende empfänger nicht erreicht",
  "konnte den folgenden empfängern nicht zugestellt werden",
  "les destinataires suivants n'ont pas pu être joints",
  "n'a pas été remis aux destinataires suivants",
  "impossible de joindre les destinataires suivants",
  "no se pudo entregar a los siguientes destinatarios",
  "no ha llegado a los siguientes destinatarios",
  "não foi possível contactar os seguintes destinatários",
  "não atingiu os seguintes destinatários",
  "impossibile raggiungere i seguenti destinatari",
  "de volgende geadresseerde(n) zijn niet bereikbaar",
  "не удалось связаться со следующими получателями",
  "nie można było dostarczyć do następujących adresatów",
  "次の受信者に配信できませんでした",
  "次の受信者に送信できませんでした",
  "无法到达以下收件人",
  "無法送達下列收件者",
];

export const exchange2003: Dialect = defineDialect({
  name: "exchange2003",
  source: "Microsoft KB 284204; Exchange 2000/2003 NDR text; Internet Mail Service 5.5",
  markers: NOT_REACHED,
  parse: readListed,
});

/** `joe@example.net on Thu, 11 Jul 2002 16:52:33 -0300`, below it indented lines, `<mx.example.net #5.1.1 smtp;550 ...>` last. */
function readListed(report: ReportText): DialectFinding {
  const entries: { addressText: string; parts: string[] }[] = [];
  let open = false;
  for (const line of report.lines) {
    const lower = line.toLowerCase();
    if (NOT_REACHED.some((phrase) => lower.includes(phrase))) open = true;
    else if (open) {
      const address = startsEntry(line);
      if (address)
        entries.push({
          addressText: address,
          parts: [line.slice(line.indexOf(address) + address.length).replace(/^[>"')\]\s]+/, "")],
        });
      else entries.at(-1)?.parts.push(line);
    }
  }
  return {
    recipients: entries.map(({ addressText, parts }) => toRecipient(addressText, joinLines(parts))),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

/** An entry's line holds an address at its front, and no code. Display names stand in quotes before it or instead of it. */
function startsEntry(line: string): string | undefined {
  // LIMIT: display name and address; a longer line is prose.
  if (line.length > 400) return undefined;
  if (/#\d\.\d|smtp;|\d{3} \d\.\d/i.test(line) || /^\s{7,}/.test(line)) return undefined;
  const address = firstAddress(line);
  if (address === undefined) return undefined;
  const before = line
    .slice(0, line.indexOf(address))
    .replace(/['"<[(]|mailto:|smtp:|\S{1,64}, \S{1,64}/gi, "")
    .trim();
  return before.split(" ").length <= 3 ? address : undefined;
}

function toRecipient(addressText: string, diagnostic: string): DialectRecipient {
  const remote = /<([^\s<>#]{3,255}) #/.exec(diagnostic)?.[1];
  return { addressText, ...(diagnostic && { diagnostic }), ...(remote && { remoteMta: remote }) };
}

/** Exchange 2007 and later: the heading of the technical part, per language. */
const FOR_ADMINISTRATORS: readonly string[] = [
  "diagnostic information for administrators:",
  "diagnostic information for administrators",
  "diagnoseinformationen für administratoren:",
  "informations de diagnostic pour les administrateurs",
  "informations de diagnostics pour les administrateurs",
  "información de diagnóstico para administradores",
  "información de diagnóstico para los administradores",
  "informações de diagnóstico para administradores",
  "informazioni di diagnostica per amministratori",
  "informazioni di diagnostica per gli amministratori",
  "informazioni diagnostiche per gli amministratori",
  "diagnostische gegevens voor beheerders",
  "diagnostische informatie voor beheerders",
  "diagnostikinformation för administratörer",
  "diagnostisk information för administratörer",
  "diagnosticeringsoplysninger til administratorer",
  "diagnostikkinformasjon for administratorer",
  "vianmääritystiedot järjestelmänvalvojille",
  "diagnostické informace pro správce",
  "diagnosztikai információ",
  "yöneticiler için tanılama bilgileri",
  "диагностические сведения для администраторов",
  "сведения о диагностике для администраторов",
  "informacje diagnostyczne dla administratorów",
  "管理者向けの診断情報",
  "管理员的诊断信息",
  "供管理员使用的诊断信息",
  "系統管理員的診斷資訊",
];

const DELAYED =
  /is delayed to these|wurde verzögert|est différée|se ha retrasado|está atrasada|in ritardo|is vertraagd/i;

/**
 * `Generating server: ex1.example.net`, the first line below the heading. In whatever language: `Bronserver:`, `Servidor de
 * origem:`, `Формирующий сервер:`.
 */
const GENERATING_SERVER = /^[^:：@]{4,60}[:：]\s?([A-Za-z0-9][\w.-]{0,254})$/;

/** `#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##`, `Remote Server returned '550 5.1.1 ...'`. */
const RETURNED =
  /^(?:#\s?|.{0,120}(?:returned|zurückgegeben|a retourné|a renvoyé|devolvió|retornou|ha restituito|вернул|zwrócił|返され|返回)[^'"<]{0,40}['"<])?\s?(?:<[^>]{1,255}>)?\s?#?([45]\d\d|[45]\.\d{1,3}\.\d{1,3})[ -]/;

export const exchange: Dialect = defineDialect({
  name: "exchange",
  source: "learn.microsoft.com: NDR messages of Exchange Server 2007-2019 and Exchange Online",
  markers: [
    ...FOR_ADMINISTRATORS,
    "delivery has failed to these recipients or groups",
    "delivery has failed to these recipients or distribution lists",
    "your message couldn't be delivered",
    "rejected your message to the following email addresses",
    "hat ihre nachricht an die folgenden e-mail-adressen zurückgewiesen",
    "delivery is delayed to these recipients or groups",
    "delivery is delayed to these recipients or distribution lists",
    "zustellung an folgende empfänger oder gruppen wurde verzögert",
    "la remise à ces destinataires ou groupes est différée",
    "entrega a estos destinatarios o grupos se ha retrasado",
    "entrega a estes destinatários ou grupos está atrasada",
    "recapito in ritardo per i destinatari",
    "bezorging is vertraagd voor deze geadresseerden",
    "fehler bei der nachrichtenzustellung an folgende empfänger",
    "échec de la remise",
    "no se pudo entregar a estos destinatarios",
    "error en la entrega a estos destinatarios",
    "falha na entrega para estes destinatários",
    "falha na entrega a estes destinatários",
    "recapito non riuscito per i destinatari",
    "bezorging is mislukt voor deze geadresseerden",
    "uw bericht kan niet worden bezorgd bij de volgende geadresseerden",
    "не удалось доставить сообщение следующим получателям",
    "не удалось выполнить доставку следующим получателям",
    "dostarczenie do następujących adresatów lub grup nie powiodło się",
    "次の受信者またはグループへの配信に失敗しました",
    "向这些收件人或通讯组传递邮件失败",
  ],
  parse: readDiagnostics,
});

function readDiagnostics(report: ReportText): DialectFinding {
  const start = report.lines.findIndex((line) =>
    FOR_ADMINISTRATORS.some((words) => line.toLowerCase().includes(words)),
  );
  const technical = start < 0 ? [] : report.lines.slice(start + 1);
  const host = GENERATING_SERVER.exec(technical.find((line) => line.trim() !== "")?.trim() ?? "")?.[1];
  const recipients = start < 0 ? readPlainList(report.lines) : readTechnical(technical);
  const isDelay = report.lines.slice(0, 6).some((line) => DELAYED.test(line));
  return {
    recipients: isDelay ? recipients.map((one) => ({ ...one, action: "delayed" })) : recipients,
    ...(host && { reportingMta: host }),
    ...(report.returnedAt !== undefined && { returnedAt: report.returnedAt }),
  };
}

function readTechnical(lines: readonly string[]): DialectRecipient[] {
  const entries: { addressText: string; parts: string[] }[] = [];
  for (const raw of lines) {
    const line = raw.trim();
    const address = loneAddress(line);
    if (address && entries.at(-1)?.addressText !== address) entries.push({ addressText: address, parts: [] });
    else if (line !== "" && (RETURNED.test(line) || (entries.at(-1)?.parts.length ?? 0) > 0))
      entries.at(-1)?.parts.push(line);
  }
  return entries.map(({ addressText, parts }) =>
    toRecipient(
      addressText,
      joinLines(parts)
        .replace(/^#|##?$/g, "")
        .trim(),
    ),
  );
}

/** Exchange Online, above the remote's own words: `mx.example.net gave this error:`. */
const GAVE_ERROR = /^(\S{1,255}) (?:gave this error|hat diesen Fehler ausgegeben):$/;

/** Without the technical part: the recipients' addresses, each on a line of its own, and the sentences below them. */
function readPlainList(lines: readonly string[]): DialectRecipient[] {
  const errorAt = lines.findIndex((line) => GAVE_ERROR.test(line.trim()));
  const found: { addressText: string; parts: string[] }[] = [];
  for (const line of errorAt < 0 ? lines : lines.slice(0, errorAt)) {
    const address = line.length < 200 && isNameAndAddress(line) ? firstAddress(line) : undefined;
    if (address) found.push({ addressText: address, parts: [] });
    else found.at(-1)?.parts.push(line);
  }
  if (errorAt < 0) return found.map(({ addressText, parts }) => toRecipient(addressText, joinLines(parts)));
  const remoteMta = GAVE_ERROR.exec(lines[errorAt]?.trim() ?? "")?.[1];
  const diagnostic = firstParagraph(lines.slice(errorAt + 1));
  return found.map(({ addressText }) => ({ ...toRecipient(addressText, diagnostic), ...(remoteMta && { remoteMta }) }));
}

function firstParagraph(lines: readonly string[]): string {
  const start = lines.findIndex((line) => line.trim() !== "");
  const end = lines.findIndex((line, at) => at > start && line.trim() === "");
  return start < 0 ? "" : joinLines(lines.slice(start, end < 0 ? undefined : end));
}

/** `joe@example.net`, `Joe Smith (joe@example.net)`, `joe@example.net<mailto:joe@example.net>`: no sentence. */
function isNameAndAddress(line: string): boolean {
  const rest = line
    .replace(/[^\s<>()@]{1,128}@[^\s<>()@]{1,255}/g, "")
    .replace(/mailto:|[<>()"'[\]]/g, "")
    .trim();
  return rest.split(/\s+/).length <= 4 && !/[.!?:]$/.test(rest);
}
