/** Message disposition notifications (RFC 8098): read receipts, and refusals by Sieve's `reject` (RFC 5429 section 2.1). */
import { parseTypedAddress } from "../dsn/typed-address.ts";
import { fieldValue, readFields } from "../fields.ts";
import { type Mail, reportBase } from "../mail.ts";
import { partOfType } from "../outline.ts";
import type { MdnReport } from "../report.ts";
import { messageIdOf } from "../returned/describe.ts";
import { findReturned } from "../returned/find-returned.ts";

export function readMdn(mail: Mail): MdnReport | undefined {
  const part = partOfType(mail.outline, "message/disposition-notification", "message/global-disposition-notification");
  if (part === undefined) return undefined;
  const fields = readFields(part.text());
  const disposition = fieldValue(fields, "disposition");
  const returned = findReturned(mail);
  return {
    kind: "mdn",
    ...reportBase(mail, returned, {
      defects:
        disposition === undefined
          ? [{ code: "bad-field", detail: "Disposition is missing (RFC 8098 section 3.2.6)" }]
          : [],
    }),
    disposition: disposition ?? "",
    finalRecipient: parseTypedAddress(fieldValue(fields, "final-recipient") ?? "")?.address,
    originalMessageId: messageIdOf(fieldValue(fields, "original-message-id") ?? "") ?? returned.messageId,
  };
}
