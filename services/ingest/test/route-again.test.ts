import type { Classification } from "@triage/contracts";
import { parseAddress } from "@triage/message";
import { DEFAULT_POLICY, type PolicyRow, type RouteId } from "@triage/routing";
import { expect, test } from "vitest";
import { routeAgain } from "../src/route-again.ts";

const REFUSED: Classification["report"] = {
  kind: "dsn",
  recipients: [
    {
      address: "joe@users.example.net",
      action: "failed",
      status: "5.1.1",
      reason: "user-unknown",
      reasonRule: "no-such-user",
      permanent: true,
      remoteMta: "mx1.mail.example.org",
    },
  ],
};
const LETTER_CAME_BACK: Classification["returned"] = { form: "message", reversePath: "ann@example.com" };
const ENVELOPE = {
  reversePath: undefined,
  forwardPaths: ["postmaster@example.com"].map(parseAddress).filter((address) => address !== undefined),
};

const again = (
  returned: Classification["returned"],
  policyAbove: readonly PolicyRow[] = [],
  envelope: typeof ENVELOPE = ENVELOPE,
) => routeAgain({ report: REFUSED, returned }, "genuine-dsn", envelope, { policyAbove });

test("a corrected message goes where the built-in policy sends it", () => {
  expect(again(LETTER_CAME_BACK)).toMatchObject({ rule: "dsn-one-recipient", route: "archive", urgency: "normal" });
});

test.each<readonly [string, Partial<PolicyRow>]>([
  ["the status", { statusClass: ["5.1"] }],
  ["the rule of the reason", { reasonRule: ["no-such-user"] }],
  ["the organisation that refused", { remoteOrganisation: ["example.org"] }],
  ["the domain of the recipient", { recipientDomain: ["*.example.net"] }],
  ["our domain that it was sent to", { forwardPathDomain: ["example.com"] }],
])("%s is still known from what is stored, to show and to hide", (_, condition) => {
  for (const route of ["human", "digest"] satisfies RouteId[]) {
    const row: PolicyRow = { id: "mine", ...condition, route, urgency: "high", because: "A test." };
    expect(again(LETTER_CAME_BACK, [row])).toMatchObject({ rule: "mine", route, urgency: "high" });
  }
});

test("a double bounce is still one: the null reverse-path, or a mail system that wrote what came back", () => {
  expect(again({ form: "message", reversePath: "<>" }).rule).toBe("dsn-double-bounce");
  expect(again({ form: "headers", from: "MAILER-DAEMON@mail.example.com" }).rule).toBe("dsn-double-bounce");
});

test("how many messages share the cause is not asked again, so that no row about it matches", () => {
  const asks = DEFAULT_POLICY.filter(({ volume, novelty }) => volume !== undefined || novelty !== undefined);
  expect(asks.map(({ id }) => id)).not.toContain(again(LETTER_CAME_BACK).rule);
  expect(asks.length).toBeGreaterThan(0);
});
