/**
 * What has been opened, in order: closed in the reverse order, so that what takes work stops before what it works with.
 */
export class CloseStack {
  readonly #steps: { readonly name: string; readonly close: () => Promise<void> }[] = [];
  #running: Promise<void> | undefined;

  /** Adds what has just been opened. */
  add(name: string, close: () => Promise<void>): void {
    this.#steps.push({ name, close });
  }

  /**
   * Closes everything once, one after another; what cannot be closed does not keep the others open.
   *
   * @throws {AggregateError} when something could not be closed; the message names it.
   */
  close(): Promise<void> {
    this.#running ??= this.#closeAll();
    return this.#running;
  }

  async #closeAll(): Promise<void> {
    const errors: unknown[] = [];
    const names: string[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.close();
      } catch (error) {
        names.push(step.name);
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `Could not be closed: ${names.join(", ")}`);
  }
}
