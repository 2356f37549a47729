/**
 * Regular expressions that an operator writes, in RE2's syntax and with its promise: time linear in the text, whatever the
 * pattern and whatever a stranger sends. No back-references and no look-around, because nothing linear has them.
 *
 * The engine (re2js) is loaded when the first pattern is compiled: a site without patterns never pays its 25 ms.
 */
import { createRequire } from "node:module";
import type { TextPattern } from "@triage/scoring";
import type * as Re2js from "re2js";

/** LIMIT: instructions of one compiled pattern; a thousand on 16,384 characters take some 0.2 s at worst, a usual pattern 0.1 ms. */
const MAX_INSTRUCTIONS = 1_000;

let engine: typeof Re2js | undefined;

function loadEngine(): typeof Re2js {
  engine ??= createRequire(import.meta.url)("re2js") as typeof Re2js;
  return engine;
}

/** What is wrong with a pattern; continues the sentence that its key begins. */
export interface BadPattern {
  readonly kind: "bad-pattern";
  readonly message: string;
}

/** @param source  RE2 syntax; `(?i)` at its front ignores case. */
export function compileTextPattern(source: string): (TextPattern & { readonly kind: "pattern" }) | BadPattern {
  const { RE2JS, RE2JSException } = loadEngine();
  try {
    const compiled = RE2JS.compile(source);
    const size = compiled.programSize();
    if (size > MAX_INSTRUCTIONS) {
      return bad(`is too large: it compiles to ${size} instructions, and ${MAX_INSTRUCTIONS} are allowed`);
    }
    return { kind: "pattern", source, test: (text) => compiled.test(text) };
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    return bad(`is not a pattern of RE2: ${explain(error.message)}`);
  }
}

function bad(message: string): BadPattern {
  return { kind: "bad-pattern", message };
}

/** What people know from other engines, and why it is not there. */
function explain(message: string): string {
  const said = message.replace("error parsing regexp: ", "");
  if (/escape sequence: `\\[1-9k]/.test(said))
    return `${said} (no back-references: they cannot be matched in linear time)`;
  if (/`\(\?<?[=!]/.test(said)) return `${said} (no look-around: it cannot be matched in linear time)`;
  return said;
}
