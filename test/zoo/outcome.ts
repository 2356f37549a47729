/** What became of one scenario with one MTA: one line of JSON from the cage to the zoo. */
export interface Outcome {
  readonly scenario: string;
  /** Why nothing was expected to come back: refused at submission, or not supported. */
  readonly why?: string | undefined;
  /** In order of arrival; `raw` in base64. */
  readonly reports: readonly { readonly reversePath: string; readonly raw: string }[];
}
