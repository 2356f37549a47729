/** Prefixes say where a token comes from, and keep words apart from names such as `constructor`, which natural trips over. */
export const SUBJECT_PREFIX = "s:";
export const BODY_PREFIX = "w:";
/** Of the shape of a message (shape-features.ts). */
export const SHAPE_PREFIX = "f:";

/** Length of each. */
export const PREFIX_CHARS = 2;
