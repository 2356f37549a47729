/** Runs of blanks, and what is a blank of another kind: a blank alone, which nearly all are, is left as it is. */
const OTHER_BLANKS = /\s{2,}|[^\S ]/g;

/** Makes each run of white space, line ends too, one blank. */
export function singleBlanks(text: string): string {
  return text.replace(OTHER_BLANKS, " ");
}
