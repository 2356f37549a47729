/**
 * What a job of delivery brings: a message, notice or digest to all who get it at once, or to one human who gets it after
 * somebody else, or had to wait for room. That one's part is a job of its own, because the job of the others may hang at a server that
 * says nothing, or wait for its next attempt, when this human's time has come.
 */
export interface DeliveryPart {
  /** Of the message, notice or digest. */
  readonly id: string;
  /** undefined: to all who get it at once. */
  readonly human?: string | undefined;
}

const ID_CHARS = 36;

/** The id of the job: "ID", or "ID.human". No human's id has a dot. */
export function formatPart({ id, human }: DeliveryPart): string {
  return human === undefined ? id : `${id}.${human}`;
}

export function parsePart(jobId: string): DeliveryPart {
  return jobId[ID_CHARS] === "." ? { id: jobId.slice(0, ID_CHARS), human: jobId.slice(ID_CHARS + 1) } : { id: jobId };
}
