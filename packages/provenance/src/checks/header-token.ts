/**
 * Header token: the returned header carries the keyed hash that our MTA wrote over its From, Date and Message-ID.
 *
 * What DKIM proves, for sites that cannot sign with it or whose recipients' servers break it. Whoever got the message can
 * send its header on; so the date, which the hash covers, must be recent.
 */
import { type Evidence, evidence } from "../evidence.ts";
import type { HeaderTokenProfile } from "../site-profile.ts";
import { verifyHeaderToken } from "../tokens/header-token.ts";
import type { CheckInput } from "./check.ts";

const CHECK = "header-token";
const DAY_MS = 86_400_000;
const NOT_CONFIGURED = evidence(CHECK, "skip", "No header token is configured.");

export function checkHeaderToken({ report, site, ports }: CheckInput): Evidence {
  const profile = site.profile.headerToken;
  if (profile === undefined) return NOT_CONFIGURED;
  const { headers } = report.returned;
  if (headers === undefined) return evidence(CHECK, "neutral", "No header came back that could carry our token.");
  const finding = verifyHeaderToken(headers, profile.field.toLowerCase(), profile.secrets);
  switch (finding.kind) {
    case "no-token":
      return evidence(CHECK, "neutral", `The returned header has no ${profile.field}, which may have been cut off.`);
    case "unsigned-fields":
      return evidence(
        CHECK,
        "neutral",
        `The returned header has ${profile.field}, but no ${finding.missing} that it could be checked with.`,
      );
    case "wrong-hash":
      return evidence(
        CHECK,
        "fail",
        `The ${profile.field} of the returned header does not fit its From, Date and Message-ID with any of our secrets: forged, or one of them was rewritten.`,
      );
    case "signed":
      return judgeAge(profile, finding.secretNumber, headers.value("date") ?? "", ports.now);
    default:
      return finding satisfies never;
  }
}

function judgeAge(profile: HeaderTokenProfile, secretNumber: number, date: string, now: Date): Evidence {
  const secret = `secret ${secretNumber} of ${profile.secrets.length}`;
  const fits = `The ${profile.field} of the returned header is signed with our ${secret}`;
  const ageDays = Math.floor((now.getTime() - Date.parse(date)) / DAY_MS);
  if (Number.isNaN(ageDays)) return evidence(CHECK, "pass", `${fits}.`);
  const age = `${Math.max(ageDays, 0)} ${ageDays === 1 ? "day" : "days"} old`;
  if (ageDays <= profile.maxAgeDays) return evidence(CHECK, "pass", `${fits}, ${age}.`);
  return evidence(
    CHECK,
    "neutral",
    `${fits}, but the message is ${age}; so late it proves nothing (limit ${profile.maxAgeDays}), because its header may have been copied.`,
  );
}
