/**
 * `labels.tsv`: what is known of each message of a corpus. The first line names the columns: `path`, `source` and `kind`,
 * and whichever it has of `recipients`, `final_recipients`, `status`, `reply_code`, `reason`, `dsn_action`, `returned` and
 * `returned_message_id`. Lists within a cell are separated by commas. An empty cell says nothing, and is not counted.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeFileError } from "./file-error.ts";

export interface Label {
  /** As the corpus has it, relative to its folder; absolute for further folders. */
  readonly path: string;
  readonly file: string;
  /** Who labelled it. */
  readonly source: string;
  readonly kind: string;
  /** Addresses to which the mail went that could not be delivered. */
  readonly recipients: readonly string[];
  /** Final-Recipient fields in the message, without their type, each up to its first blank. */
  readonly finalRecipients: readonly string[];
  readonly status: readonly string[];
  readonly replyCode: readonly string[];
  readonly reason: readonly string[];
  readonly action: readonly string[];
  readonly returned: string;
  readonly returnedMessageId: string;
}

const REQUIRED = ["path", "source", "kind"] as const;

/** Of a message about which nothing but its kind is known. */
export function labelKind(at: Pick<Label, "path" | "file" | "source" | "kind">): Label {
  const lists = { recipients: [], finalRecipients: [], status: [], replyCode: [], reason: [], action: [] };
  return { ...at, ...lists, returned: "", returnedMessageId: "" };
}

/**
 * Reads the rows in order. Cells that a row lacks are empty.
 *
 * @throws {Error} no labels.tsv, a column that is missing, a line that cannot be read: with the file and the line.
 */
export function readLabels(corpus: string): readonly Label[] {
  const file = join(corpus, "labels.tsv");
  const [head = "", ...rows] = readLines(file);
  const columns = head.split("\t");
  const missing = REQUIRED.filter((name) => !columns.includes(name));
  if (missing.length > 0) throw new Error(`${file}:1: there is no column ${missing.join(", ")}`);
  return rows.flatMap((row, index) => (row === "" ? [] : [readRow(corpus, columns, row, `${file}:${index + 2}`)]));
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split(/\r?\n/);
  } catch (error) {
    throw new Error(`${file}: ${describeFileError(error)}; a corpus has a labels.tsv beside its mail`, {
      cause: error,
    });
  }
}

function readRow(corpus: string, columns: readonly string[], row: string, where: string): Label {
  const cells = row.split("\t");
  if (cells.length > columns.length) {
    throw new Error(`${where}: ${cells.length} cells, but the first line names ${columns.length} columns`);
  }
  const cell = (name: string) => cells[columns.indexOf(name)] ?? "";
  const list = (name: string) => (cell(name) === "" ? [] : cell(name).split(","));
  for (const name of REQUIRED) if (cell(name) === "") throw new Error(`${where}: the ${name} is missing`);
  return {
    path: cell("path"),
    file: join(corpus, cell("path")),
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
}
