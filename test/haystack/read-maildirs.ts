/** What lies in the humans' Maildirs at the end of the day. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readMessage } from "@triage/message";

/** One mail, by the fields that the service writes. `about`: the message, or for an update the Message-ID of the mail that it continues. */
export type HumanMail =
  | { readonly kind: "message"; readonly human: string; readonly messageId: string; readonly about: string }
  | { readonly kind: "failure"; readonly human: string; readonly about: string }
  | { readonly kind: "storm" | "flood" | "alert" | "digest"; readonly human: string };

/** @param folder  With a Maildir for each human, by id. */
export async function readMaildirs(folder: string): Promise<readonly HumanMail[]> {
  const mails: HumanMail[] = [];
  for (const human of (await readdir(folder)).sort()) {
    const fresh = join(folder, human, "new");
    for (const name of (await readdir(fresh)).sort()) mails.push(kindOf(await readFile(join(fresh, name)), human));
  }
  return mails;
}

function kindOf(raw: Buffer, human: string): HumanMail {
  const { headers } = readMessage(raw).root;
  const field = (name: string) => headers.text(name) ?? "";
  if (field("x-triage-digest") !== "") return { kind: "digest", human };
  const [notice = ""] = field("x-triage-notice").split(";");
  switch (notice) {
    case "failure":
      return { kind: notice, human, about: field("in-reply-to").trim() };
    case "storm":
    case "flood":
    case "alert":
      return { kind: notice, human };
    case "":
      return { kind: "message", human, messageId: field("message-id").trim(), about: field("x-triage-id").trim() };
    default:
      throw new Error(`a notice of an unknown kind: ${notice}`);
  }
}
