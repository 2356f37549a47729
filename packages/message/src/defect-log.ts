import type { Defect, DefectCode } from "./defect.ts";
import { MAX_DEFECTS } from "./limits.ts";

/** Collects what was wrong while a message is read, and later while its parts are decoded. */
export class DefectLog {
  readonly defects: Defect[] = [];

  /** Notes one defect; past MAX_DEFECTS (100) it is dropped. `offset` only where it points into the raw message. */
  add(code: DefectCode, detail: string, offset?: number): void {
    if (this.defects.length >= MAX_DEFECTS) return;
    this.defects.push(offset === undefined ? { code, detail } : { code, detail, offset });
  }
}
