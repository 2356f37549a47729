/**
 * All dialects, in the order in which they are asked: who says its name before who speaks like many others. What none of
 * them knows is left to the notice of an unknown bounce (kinds/unknown-bounce.ts). See CONTRIBUTING, "add a dialect".
 */
import { amazonSns } from "./amazon-sns.ts";
import type { Dialect, DialectInput } from "./dialect.ts";
import { dma } from "./dma.ts";
import { domino, lotusSmtp } from "./domino.ts";
import { exchange, exchange2003 } from "./exchange.ts";
import { exim } from "./exim.ts";
import { gmail, googleGroups } from "./gmail.ts";
import { heardMarkers } from "./grammar/markers.ts";
import { haraka } from "./haraka.ts";
import { imail } from "./imail.ts";
import { james } from "./james.ts";
import { LISTED_DIALECTS } from "./listed-mtas.ts";
import { mFilter } from "./m-filter.ts";
import { mailenableDomain } from "./mailenable-domain.ts";
import { phquery } from "./phquery.ts";
import { postfix, postfixTranscript } from "./postfix.ts";
import { qmail } from "./qmail.ts";
import { sendmail } from "./sendmail.ts";
import { xmail } from "./xmail.ts";
import { aol, yahoo } from "./yahoo.ts";

export const DIALECTS: readonly Dialect[] = [
  googleGroups,
  gmail,
  postfixTranscript,
  postfix,
  yahoo,
  aol,
  amazonSns,
  mFilter,
  phquery,
  james,
  dma,
  domino,
  lotusSmtp,
  imail,
  haraka,
  xmail,
  mailenableDomain,
  ...LISTED_DIALECTS,
  qmail,
  exim,
  sendmail,
  exchange2003,
  exchange,
];

/** Place in DIALECTS of each marker's dialect: from the words that were heard straight to who says them. */
const PLACE_OF_MARKER: readonly number[] = placesOfMarkers();

/** The dialects whose opening words stand in the text, in the order in which they are asked. Mostly none or one. */
export function heardDialects(input: DialectInput): readonly Dialect[] {
  const heard = heardMarkers(input);
  if (heard.length === 0) return [];
  const places = new Set(heard.map((number) => PLACE_OF_MARKER[number] as number));
  return [...places].sort((one, other) => one - other).map((place) => DIALECTS[place] as Dialect);
}

function placesOfMarkers(): readonly number[] {
  const places: number[] = [];
  for (const [place, { markers }] of DIALECTS.entries()) {
    for (let number = markers.first; number < markers.end; number++) places[number] = place;
  }
  return places;
}
