/**
 * One test mail through outlets, without database and queue: for the operator who has just configured them.
 *
 * It goes to the humans whose outlet it is, and says that it is a test.
 */
import type { OutletConfig, ResolvedConfig } from "@triage/runtime";
import { uuidGenerator } from "@triage/store";
import MailComposer from "nodemailer/lib/mail-composer";
import type { OutboundMail } from "../compose/outbound-mail.ts";
import { headerTo, recipientWithoutAddress } from "../humans/without-address.ts";
import { openOutlet } from "./open-outlet.ts";
import type { OutletResult } from "./outlet.ts";

export interface OutletTest {
  readonly outlet: OutletConfig;
  /** What the other side said, for each recipient; none: no human is delivered to by this outlet. */
  readonly results: readonly OutletResult[];
}

/** @param outlets  Those to be tested, one after the other. */
export async function* testOutlets(
  { from, humans }: Pick<ResolvedConfig, "from" | "humans">,
  outlets: readonly OutletConfig[],
  now: () => number,
): AsyncGenerator<OutletTest, void, undefined> {
  for (const config of outlets) {
    const recipients = humans.flatMap(({ id, to, outlet }) => {
      if (outlet !== config.id) return [];
      return to.length > 0 ? to : [recipientWithoutAddress(id)];
    });
    yield { outlet: config, results: recipients.length === 0 ? [] : await testOutlet(config, recipients, from, now) };
  }
}

async function testOutlet(
  config: OutletConfig,
  recipients: readonly string[],
  from: string,
  now: () => number,
): Promise<readonly OutletResult[]> {
  try {
    const outlet = await openOutlet(config);
    try {
      return await outlet.deliver(await composeTestMail(config.id, recipients, from, outlet.lineEnd, now), recipients);
    } finally {
      await outlet.close();
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return recipients.map((recipient) => ({ recipient, outcome: "error", detail }));
  }
}

async function composeTestMail(
  outlet: string,
  recipients: readonly string[],
  from: string,
  lineEnd: "crlf" | "lf",
  now: () => number,
): Promise<OutboundMail> {
  const id = uuidGenerator(now)();
  const at = new Date(now());
  const messageId = `<${id}@${from.slice(from.lastIndexOf("@") + 1).replace(/[>\s]/g, "")}>`;
  const subject = `[triage] Test of the outlet ${outlet}`;
  const text = `This is a test: an operator has asked for it, and nothing has happened.\n\nWhat postmaster-triage has for you comes this way.\n`;
  const mail = new MailComposer({
    from,
    to: [...headerTo(recipients)],
    subject,
    text,
    date: at,
    messageId,
    // RFC 3834 section 5: no automatic system may answer this mail.
    headers: { "Auto-Submitted": "auto-generated" },
    newline: lineEnd === "crlf" ? "win" : "linux",
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await mail.compile().build();
  return { id, messageId, raw, eightBit: false, subject, text, topic: { kind: "test", at } };
}
