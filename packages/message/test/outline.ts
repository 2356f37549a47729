/** A message as plain data, for comparing readings of it. */
import type { Message, Part } from "@triage/message";

export interface PartOutline {
  readonly path: string;
  readonly type: string;
  readonly disposition?: string;
  readonly filename?: string;
  readonly headers: readonly string[];
  readonly subject?: string;
  /** Leaves only. */
  readonly text?: string;
  readonly parts?: readonly PartOutline[];
}

export function outlinePart(part: Part): PartOutline {
  const subject = part.headers.text("subject");
  return {
    path: part.path,
    type: part.contentType.value,
    ...(part.disposition === undefined ? {} : { disposition: part.disposition }),
    ...(part.filename === undefined ? {} : { filename: part.filename }),
    headers: part.headers.fields.map((field) => field.name),
    ...(subject === undefined ? {} : { subject }),
    ...(part.children.length > 0 ? { parts: part.children.map(outlinePart) } : { text: part.text() }),
  };
}

/** The tree, then the codes of all defects, those of the lazily decoded parts included. */
export function outlineMessage(message: Message): { root: PartOutline; defects: readonly string[] } {
  const root = outlinePart(message.root);
  return { root, defects: message.defects.map((defect) => defect.code) };
}

/** All parts in document order. */
export function partsOf(part: Part): readonly Part[] {
  return [part, ...part.children.flatMap(partsOf)];
}
