/** Prefixes say where a token comes from, and keep words apart from names such as `constructor`, which natural trips over. */
export const SUBJECT_PREFIX = "s:";
export const BODY_PREFIX = "w:";
/** Of the beginnings of words, wherever they stood (stems.ts). */
export const STEM_PREFIX = "p:";
/** Of what the words speak of (concepts.ts). */
export const CONCEPT_PREFIX = "c:";
/** Of the links (link-features.ts). */
export const LINK_PREFIX = "u:";
/** Of the elements and attributes of its HTML (html-features.ts). */
export const ELEMENT_PREFIX = "t:";
export const ATTRIBUTE_PREFIX = "a:";

/** Length of each; `f:`, of the shape of a message (shape-features.ts), is one more. */
export const PREFIX_CHARS = 2;
