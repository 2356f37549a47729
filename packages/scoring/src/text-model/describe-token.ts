/** What a token of the text model is called where a person reads why a message reads like spam or a letter. Pure. */
import {
  ATTRIBUTE_PREFIX,
  BODY_PREFIX,
  CONCEPT_PREFIX,
  ELEMENT_PREFIX,
  LINK_PREFIX,
  PREFIX_CHARS,
  STEM_PREFIX,
  SUBJECT_PREFIX,
} from "./token-prefixes.ts";

/** Of concept-words.ts. */
const CONCEPTS: Readonly<Record<string, string>> = {
  password: "it speaks of passwords",
  click: "it says to click",
  verify: "it wants something verified",
  suspended: "it speaks of a suspended account",
  deadline: "it speaks of a deadline",
  bitcoin: "it speaks of bitcoins",
  recorded: "it speaks of recordings of you",
  loan: "it speaks of loans",
  website: "it speaks of websites",
  prize: "it speaks of a prize",
  payment: "it speaks of payments",
  parcel: "it speaks of a parcel",
  mailbox: "it speaks of mailboxes",
  held: "it speaks of mail that is held back",
  earning: "it speaks of earning money",
  offer: "it speaks of an offer",
  intrusion: "it speaks of breaking in",
  money: "it speaks of money",
  inheritance: "it speaks of an inheritance",
  business: "it speaks of business",
  addresses: "it speaks of lists of addresses",
  job: "it speaks of a job",
  health: "it speaks of health",
  threat: "it speaks of a threat",
  contact: "an invitation to get in touch",
  courtesy: "polite phrases",
  ourselves: 'words such as "we" and "our"',
  yourselves: 'words such as "you" and "your"',
  asking: "it asks for something",
  refusal: "it speaks of mail that was refused",
  operations: "it speaks of running servers",
  complaint: "it speaks of a complaint",
};

/** Of link-features.ts, beside sites, endings of names and words of paths. */
const LINKS: Readonly<Record<string, string>> = {
  "free-host": "a link to a host where anybody puts up pages",
  shortened: "a link that a shortener hides",
  international: "a link whose name has letters beyond a to z",
  port: "a link with a port",
  query: "a link with parameters",
};

/** Of shape-features.ts and recipient-features.ts. */
const SHAPES: Readonly<Record<string, string>> = {
  "no-link": "no link",
  links: "some links",
  "many-links": "many links",
  "link-to-ip": "a link to an IP address",
  "html-only": "HTML without plain text",
  html: "HTML beside plain text",
  image: "an image",
  form: "a form to fill in",
  "hidden-text": "text that does not show",
  "link-shows-another": "a link that leads elsewhere than it shows",
  "no-subject": "no subject",
  "subject-exclaims": "an exclamation mark in the subject",
  "subject-shouts": "a subject in capitals",
  short: "a short text",
  exclaims: "many exclamation marks",
  money: "an amount of money",
  quotes: "quoted lines",
  signature: "a signature",
  "mixed-scripts": "letters of two scripts in one word",
  "unseen-inside-word": "characters that do not show inside words",
  "attached-archive": "an attached archive",
  "attached-program": "an attached program",
  "attached-html": "an attached web page",
  "reply-elsewhere": "answers would go to another domain",
  "from-is-to": "it comes from the address that it goes to",
  "no-to": "no address in To",
  "from-digits": "digits in the sender's address",
  "no-date": "no date",
  "list-unsubscribe": "a way to unsubscribe",
  "no-message-id": "no Message-ID",
  "message-id-without-domain": "a Message-ID without a domain",
  "message-id-of-sender": "a Message-ID of the sender's domain",
  "message-id-elsewhere": "a Message-ID of another domain than the sender's",
  answers: "it answers another message",
  reply: "it is marked as a reply, and answers a message",
  "reply-to-nothing": "it is marked as a reply, and answers no message",
  "subject-gap": "a wide gap in the subject",
  "subject-names-recipient": "your address in the subject",
  "text-names-recipient": "your address in the text",
  "link-names-recipient": "your address in a link",
  "from-our-domain": "it comes from your own domain",
  "name-is-our-domain": "the sender's name is your domain",
  "name-is-address": "the sender's name is an address",
  "name-of-our-office": "the sender is called like an office of yours",
  "name-of-office": "the sender is called like an office",
};

const TOP_LEVEL = "tld-";
const PATH_WORD = "p-";
/** The last label of a name, and with it the whole, is numbers in an IP address only. */
const NUMERIC = /^[\d.]+$/;

function describeLink(name: string): string {
  const known = LINKS[name];
  if (known !== undefined) return known;
  if (name.startsWith(PATH_WORD)) return `"${name.slice(PATH_WORD.length)}" in a link`;
  const isTopLevel = name.startsWith(TOP_LEVEL);
  const host = isTopLevel ? name.slice(TOP_LEVEL.length) : name;
  if (NUMERIC.test(host)) return "a link to an IP address";
  return host === "" ? "a link whose name ends in a dot" : `a link to ${isTopLevel ? `a .${host} name` : host}`;
}

/** `w:free` -> `"free"`, `p:passw` -> `"passw..."`, `f:many-links` -> `many links`, `u:p-login` -> `"login" in a link` */
export function describeToken(token: string): string {
  const prefix = token.slice(0, PREFIX_CHARS);
  const name = token.slice(PREFIX_CHARS);
  switch (prefix) {
    case BODY_PREFIX:
    case SUBJECT_PREFIX:
      return `"${name}"`;
    case STEM_PREFIX:
      return `"${name}..."`;
    case CONCEPT_PREFIX:
      return CONCEPTS[name] ?? name;
    case LINK_PREFIX:
      return describeLink(name);
    case ELEMENT_PREFIX:
      return `the HTML element "${name}"`;
    case ATTRIBUTE_PREFIX:
      return `the HTML attribute "${name}"`;
    default:
      return SHAPES[name] ?? name.replaceAll("-", " ");
  }
}
