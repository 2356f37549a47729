/** What was wrong with the bytes of a message, kept because a sloppy message is itself evidence. */
export type DefectCode =
  | "header-too-large"
  | "header-line-without-colon"
  | "header-not-terminated"
  | "line-too-long"
  | "too-many-fields"
  | "too-many-parts"
  | "nesting-too-deep"
  | "boundary-missing"
  | "boundary-never-closed"
  | "bad-content-type"
  | "bad-transfer-encoding"
  | "bad-charset"
  | "bare-cr"
  | "bare-lf-mixed"
  | "nul-byte"
  | "no-header"
  | "text-too-large"
  | "bad-address"
  | "bad-status"
  | "bad-action"
  | "bad-field"
  | "no-recipient"
  | "too-many-recipients"
  | "truncated";

export interface Defect {
  readonly code: DefectCode;
  /** For people: what was found, and which limit it met. Never contains mail text beyond a field name. */
  readonly detail: string;
  /** Byte offset into the raw message, where one is known. */
  readonly offset?: number;
}
