/**
 * ENVID: the DSN gives back the envelope id of our form (RFC 3461 section 4.4, RFC 3464 section 2.2.1).
 *
 * With an HMAC it proves that we gave the message to an MTA; each relay on its way has seen it too. Without one it is a
 * likeness, and left to the sent ledger where there is one, which knows the very id: the same fact is not counted twice.
 * An ENVID of another form proves nothing, because every MTA may set its own.
 */
import { type Evidence, evidence, softEvidence } from "../evidence.ts";
import { verifyPatternedToken } from "../tokens/patterned-token.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "envelope-id";
const NOT_CONFIGURED = evidence(CHECK, "skip", "No pattern of our ENVIDs is configured.");

export function checkEnvelopeId({ report, site, ports }: CheckInput): Evidence {
  const profile = site.profile.envelopeId;
  if (profile === undefined) return NOT_CONFIGURED;
  const envelopeId = report.kind === "dsn" ? report.envelopeId : undefined;
  if (envelopeId === undefined) return evidence(CHECK, "neutral", "The report gives back no ENVID.");
  const token = verifyPatternedToken(envelopeId, profile, ports.now);
  switch (token.kind) {
    case "no-match":
      return evidence(CHECK, "neutral", "The report gives back an ENVID that is not of our form.");
    case "alike":
      return ports.ledger === undefined
        ? softEvidence(CHECK, "pass", "The report gives back an ENVID of our form, which has no HMAC.")
        : evidence(
            CHECK,
            "neutral",
            "The report gives back an ENVID of our form; the sent ledger says whether it is ours.",
          );
    case "wrong-hash":
      return evidence(
        CHECK,
        "fail",
        "The report gives back an ENVID of our form, but its HMAC is not of any of our secrets.",
      );
    case "signed": {
      const secret = `secret ${token.secretNumber} of ${profile.secrets.length}`;
      const age = token.ageDays === undefined ? "" : `, ${token.ageDays} ${token.ageDays === 1 ? "day" : "days"} old`;
      return token.isCurrent
        ? evidence(CHECK, "pass", `The report gives back an ENVID that is signed with our ${secret}${age}.`)
        : softEvidence(
            CHECK,
            "fail",
            `The report gives back an ENVID that was once ours${age}; the limit is ${profile.maxAgeDays}.`,
          );
    }
    default:
      return token satisfies never;
  }
}
