import { DSN_REASONS, type DsnAction, type DsnReason } from "@triage/reports";
import { DEFAULT_POLICY, routeMessage } from "@triage/routing";
import { VERDICT_CLASSES } from "@triage/scoring";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dsn, plain, recipient, verdictOf } from "./build.ts";

const ACTIONS: readonly DsnAction[] = ["failed", "delayed", "delivered", "relayed", "expanded"];
const genuine = verdictOf("genuine-dsn");

const anyRecipient = fc
  .record({ reason: fc.constantFrom(...DSN_REASONS), action: fc.constantFrom(...ACTIONS) })
  .map(recipient);
const anyDsn = fc.array(anyRecipient, { maxLength: 4 }).map((recipients) => dsn(...recipients));

describe("what reaches a person", () => {
  test("a refusal that is about us: blocklists, reputation, authentication, policy, DNS of ours, TLS, relaying", () => {
    for (const reason of ["blocked", "bad-reputation", "auth-failure", "policy-violation", "require-ptr"] as const) {
      expect(routeMessage(genuine, dsn({ reason })), reason).toMatchObject({ route: "human", actionable: true });
    }
    for (const reason of ["failed-starttls", "no-relaying", "blocked"] as const) {
      expect(routeMessage(genuine, dsn({ reason }))).toMatchObject({ rule: "dsn-stops-our-mail", urgency: "high" });
    }
    for (const reason of ["spam-detected", "rate-limited", "rejected"] as const) {
      expect(routeMessage(genuine, dsn({ reason }))).toMatchObject({ rule: "dsn-objects-to-us", urgency: "normal" });
    }
  });

  test("such a refusal while it is still a delay", () => {
    expect(routeMessage(genuine, dsn({ reason: "blocked", action: "delayed" })).route).toBe("human");
  });

  test("every failure with a reason that the sending site can mend", () => {
    const ours: readonly DsnReason[] = [
      "auth-failure",
      "bad-reputation",
      "blocked",
      "content-error",
      "failed-starttls",
      "feedback",
      "no-relaying",
      "not-compliant-rfc",
      "policy-violation",
      "rate-limited",
      "rejected",
      "require-ptr",
      "security-error",
      "spam-detected",
      "syntax-error",
      "too-many-conn",
      "virus-detected",
    ];
    for (const reason of ours) {
      expect(routeMessage(genuine, dsn({ reason })).route, reason).toBe("human");
    }
  });

  test("undecided mail, people and feedback reports", () => {
    expect(routeMessage(verdictOf("undecided"), dsn({ reason: "user-unknown" })).route).toBe("human");
    expect(routeMessage(verdictOf("undecided"), plain("other")).route).toBe("human");
    expect(routeMessage(verdictOf("user-report"), plain("person")).route).toBe("human");
  });

  test("undecided mail of every kind and reason", () => {
    fc.assert(fc.property(anyDsn, (report) => routeMessage(verdictOf("undecided"), report).route === "human"));
  });

  test("a failure whose reason the report does not give", () => {
    expect(routeMessage(genuine, dsn({ reason: "undefined" })).rule).toBe("dsn-unexplained");
  });

  test("a DSN that names no recipient, and a virus notice about mail of ours", () => {
    expect(routeMessage(genuine, dsn()).route).toBe("human");
    expect(routeMessage(genuine, plain("virus-notice")).route).toBe("human");
  });
});

describe("what does not", () => {
  test("one unknown user, full mailbox or moved recipient", () => {
    for (const reason of ["user-unknown", "mailbox-full", "has-moved", "host-unknown", "suspend"] as const) {
      expect(routeMessage(genuine, dsn({ reason })), reason).toMatchObject({ route: "archive", actionable: false });
    }
  });

  test("a delay by greylisting, unless another recipient was refused for something else", () => {
    const greylisted = { reason: "blocked", action: "delayed", reasonRule: "greylisted" } as const;
    expect(routeMessage(genuine, dsn(greylisted))).toMatchObject({ route: "digest", rule: "dsn-greylisted" });
    expect(routeMessage(genuine, dsn(greylisted, { reason: "blocked", action: "delayed" })).route).toBe("human");
    expect(routeMessage(genuine, dsn({ ...greylisted, action: "failed" })).route).toBe("human");
  });

  test("a delay that may resolve, and success", () => {
    expect(routeMessage(genuine, dsn({ reason: "network-error", action: "delayed" })).route).toBe("digest");
    expect(routeMessage(genuine, dsn({ reason: "system-full", action: "delayed" })).route).toBe("human");
    expect(routeMessage(genuine, dsn({ reason: "delivered", action: "delivered" })).route).toBe("archive");
    expect(routeMessage(genuine, dsn({ reason: "undefined", action: "relayed" })).route).toBe("archive");
  });

  test("backscatter and spam, whatever it reports", () => {
    const hiding = fc.constantFrom("backscatter" as const, "spam" as const);
    fc.assert(
      fc.property(hiding, anyDsn, (verdict, report) => routeMessage(verdictOf(verdict), report).route === "archive"),
    );
  });

  test("automatic answers; mail of other programs leaves a line in the digest, as one of them may tell of a failure", () => {
    for (const kind of ["auto-reply", "challenge", "dmarc-aggregate", "tls-report"] as const) {
      expect(routeMessage(verdictOf("automated"), plain(kind)), kind).toMatchObject({ route: "archive" });
    }
    for (const kind of ["other", "person"] as const) {
      expect(routeMessage(verdictOf("automated"), plain(kind)), kind).toMatchObject({ route: "digest" });
    }
  });
});

describe("several recipients", () => {
  test("the most urgent one decides, wherever it stands", () => {
    const harmless = { reason: "user-unknown" } as const;
    const urgent = { reason: "blocked" } as const;
    expect(routeMessage(genuine, dsn(harmless, urgent)).route).toBe("human");
    expect(routeMessage(genuine, dsn(urgent, harmless)).route).toBe("human");
    expect(routeMessage(genuine, dsn(harmless, urgent)).advice).toBe(routeMessage(genuine, dsn(urgent)).advice);
  });

  test("one more failing recipient never takes a message away from the person", () => {
    const failing = fc.constantFrom(...DSN_REASONS).map((reason) => recipient({ reason }));
    fc.assert(
      fc.property(fc.array(failing, { minLength: 1, maxLength: 3 }), failing, (recipients, more) => {
        fc.pre(routeMessage(genuine, dsn(...recipients)).route === "human");
        return routeMessage(genuine, dsn(...recipients, more)).route === "human";
      }),
    );
  });
});

describe("the policy table", () => {
  test("has a row for every message, each row an id of its own and a reason", () => {
    const anyVerdict = fc.constantFrom(...VERDICT_CLASSES, "undecided" as const).map(verdictOf);
    fc.assert(fc.property(anyVerdict, anyDsn, (verdict, report) => routeMessage(verdict, report).rule !== "no-row"));
    expect(new Set(DEFAULT_POLICY.map(({ id }) => id)).size).toBe(DEFAULT_POLICY.length);
    for (const { because } of DEFAULT_POLICY) expect(because).toMatch(/\.$/);
  });

  test("names every reason of a genuine failure, so that none falls through by accident", () => {
    for (const reason of DSN_REASONS) {
      expect(routeMessage(genuine, dsn({ reason })).rule, reason).not.toBe("anything-else");
    }
  });

  test("can be replaced; what it does not name goes to the human", () => {
    const policy = [{ id: "mine", reason: ["mailbox-full"], route: "digest", because: "We like lists." }] as const;
    expect(routeMessage(genuine, dsn({ reason: "mailbox-full" }), { policy })).toMatchObject({
      route: "digest",
      rule: "mine",
    });
    expect(routeMessage(genuine, dsn({ reason: "user-unknown" }), { policy })).toMatchObject({
      route: "human",
      rule: "no-row",
    });
  });
});

describe("advice", () => {
  test("goes with everything that reaches a person", () => {
    fc.assert(
      fc.property(fc.constantFrom(...DSN_REASONS), (reason) => {
        const route = routeMessage(genuine, dsn({ reason }));
        expect(route.route !== "human" || (route.advice ?? "") !== "").toBe(true);
      }),
    );
    expect(routeMessage(verdictOf("undecided"), plain("other")).advice).toBeDefined();
    expect(routeMessage(verdictOf("user-report"), plain("person")).advice).toBeDefined();
  });

  test("is silent where there is nothing to do", () => {
    expect(routeMessage(verdictOf("backscatter"), dsn({ reason: "blocked" })).advice).toBeUndefined();
    expect(routeMessage(verdictOf("spam"), plain("person")).advice).toBeUndefined();
  });
});

describe("a site's own override", () => {
  const override = { id: "noc", match: {}, because: "our upstream tells of outages" };

  test("that names a route stands above the policy, under its own name", () => {
    const routed = routeMessage(verdictOf("spam"), plain("person"), { override: { ...override, route: "human" } });
    expect(routed).toMatchObject({ route: "human", actionable: true, rule: "override:noc" });
    const hidden = routeMessage(verdictOf("undecided"), dsn({}), { override: { ...override, route: "archive" } });
    expect(hidden).toMatchObject({ route: "archive", actionable: false, rule: "override:noc" });
  });

  test("that names a verdict alone leaves the route to the policy", () => {
    const routed = routeMessage(verdictOf("spam"), plain("person"), { override: { ...override, verdict: "spam" } });
    expect(routed).toMatchObject({ route: "archive", rule: "spam" });
  });
});
