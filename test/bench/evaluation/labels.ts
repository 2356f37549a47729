/** Rows of `labels.tsv`. Lists within a cell are separated by commas, one entry for each recipient. */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";

export interface Label {
  readonly path: string;
  readonly source: string;
  readonly kind: string;
  /** Addresses that flufl.bounce's own tests expect. */
  readonly recipients: readonly string[];
  /** Final-Recipient fields in the message. */
  readonly finalRecipients: readonly string[];
  readonly status: readonly string[];
  readonly replyCode: readonly string[];
  readonly reason: readonly string[];
  readonly action: readonly string[];
  readonly returned: string;
  readonly returnedMessageId: string;
}

/** Reads the rows in order; cells that a row lacks are empty. */
export function readLabels(corpus: string): readonly Label[] {
  const [head, ...rows] = readFileSync(join(corpus, "labels.tsv"), "utf8").split(/\r?\n/).filter(Boolean);
  const names = head?.split("\t") ?? [];
  return rows.map((row) => {
    const cells = row.split("\t");
    const cell = (name: string) => cells[names.indexOf(name)] ?? "";
    const list = (name: string) => (cell(name) === "" ? [] : cell(name).split(","));
    return {
      path: cell("path"),
      source: cell("source"),
      kind: cell("kind"),
      recipients: list("recipients"),
      // The column quotes as C does: \"a b\"@example.com.
      finalRecipients: list("final_recipients").map((one) => one.replaceAll('\\"', '"')),
      status: list("status"),
      replyCode: list("reply_code"),
      reason: list("reason"),
      action: list("dsn_action"),
      returned: cell("returned"),
      returnedMessageId: cell("returned_message_id"),
    };
  });
}

/** Report kinds that are right for a label kind; undefined where the labels expect nothing. */
export function expectedKinds(kind: string): readonly string[] | undefined {
  switch (kind) {
    case "dsn-rfc3464":
    case "dsn-nonstandard":
    case "delayed":
    case "success-dsn":
      return ["dsn"];
    case "arf":
    case "arf-dmarc-failure":
      return ["feedback"];
    case "autoreply":
      return ["auto-reply"];
    case "dmarc-agg":
      return ["dmarc-aggregate"];
    case "tls-rpt":
      return ["tls-report"];
    case "other-mdn":
      return ["mdn"];
    default:
      return undefined;
  }
}

/** Kinds of labels that say "this is no bounce". */
export function isHam(kind: string): boolean {
  return kind === "ham" || kind === "no-bounce";
}

/** One label for each file of a folder of mail that holds no bounce. */
export function labelNoBounces(folder: string): readonly Label[] {
  const names = readdirSync(folder).filter((name) => /\.(?:eml|txt)$/.test(name));
  const rest = { recipients: [], finalRecipients: [], status: [], replyCode: [], reason: [], action: [] };
  const source = basename(folder);
  return names.sort().map((name) => ({
    path: resolve(folder, name),
    source,
    kind: "no-bounce",
    ...rest,
    returned: "",
    returnedMessageId: "",
  }));
}
