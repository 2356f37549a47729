import { DEFAULT_THRESHOLDS, scoreMessage, VERDICT_CLASSES, type Verdict } from "@triage/scoring";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyEvidence, anyInput } from "./arbitrary.ts";
import {
  dsn,
  evidence,
  feedback,
  input,
  letter,
  message,
  NOTHING_RETURNED,
  plain,
  recipient,
  unknownEnvelope,
} from "./build.ts";

const logit = (probability: number) => Math.log(probability / (1 - probability));
const sumOfWeights = ({ evidence: lines }: Verdict) => lines.reduce((sum, { weight }) => sum + weight, 0);

describe("every score can be followed", () => {
  test("the weights add up to the log-odds of the score, whatever was found", () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const verdict = scoreMessage(any);
        expect(sumOfWeights(verdict)).toBeCloseTo(logit(verdict.score), 9);
      }),
    );
  });

  test("the scores add up to 1, the first is the leading one's, and none is ever 0 or 1", () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const { score, scores } = scoreMessage(any);
        const values = VERDICT_CLASSES.map((name) => scores[name]);
        expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        expect(score).toBe(Math.max(...values));
        expect(Math.min(...values)).toBeGreaterThan(0);
        expect(score).toBeLessThan(1);
      }),
    );
  });

  test("the prior is the first line, and every check that was made has its line, even if it found nothing", () => {
    const lines = [
      evidence("batv", "skip"),
      evidence("received-path", "pass"),
      evidence("message-id-domain", "neutral"),
    ];
    const verdict = scoreMessage(input(dsn(), lines));
    expect(verdict.evidence[0]?.check).toBe("prior");
    const shown = verdict.evidence.map(({ check, outcome }) => ({ check, outcome }));
    for (const { check, outcome } of lines) expect(shown).toContainEqual({ check, outcome });
  });

  test("the same message always gets the same verdict", () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        expect(scoreMessage(any)).toEqual(scoreMessage(any));
      }),
    );
  });
});

describe("a DSN is ours only if something shows it", () => {
  test("without any evidence it is undecided, and a person sees it", () => {
    expect(scoreMessage(input(dsn())).verdict).toBe("undecided");
  });

  test("checks that could not look, or found nothing, never make it backscatter", () => {
    const silent = fc.constantFrom("neutral" as const, "skip" as const, "temperror" as const);
    const checks = ["batv", "srs", "returned-dkim", "sent-ledger", "received-path", "message-id-domain"] as const;
    fc.assert(
      fc.property(fc.array(silent, { minLength: checks.length, maxLength: checks.length }), (outcomes) => {
        const lines = checks.map((check, index) => evidence(check, outcomes[index] ?? "skip"));
        expect(scoreMessage(input(dsn(), lines)).verdict).toBe("undecided");
      }),
    );
  });

  test("where no header came back, nothing that one report shows makes it backscatter, whatever it comes with", () => {
    const anyFailure = fc.constantFrom(
      dsn({ returned: NOTHING_RETURNED }),
      dsn({ returned: NOTHING_RETURNED, traits: ["null-reverse-path", "from-daemon"] }),
      { ...plain("virus-notice"), returned: NOTHING_RETURNED },
    );
    fc.assert(
      fc.property(anyFailure, anyEvidence, (report, lines) => {
        const ofThisReport = lines.filter(({ check }) => check !== "storm");
        expect(scoreMessage(input(report, ofThisReport)).verdict).not.toBe("backscatter");
      }),
      { numRuns: 500 },
    );
  });

  test("one proof is enough: a valid token, a valid signature, the ledger, or a path through our relay", () => {
    for (const check of ["batv", "srs", "returned-dkim", "sent-ledger", "received-path", "spf"] as const) {
      expect(scoreMessage(input(dsn(), [evidence(check, "pass")])).verdict, check).toBe("genuine-dsn");
    }
  });

  test("a missing token alone is soft evidence and hides nothing", () => {
    expect(scoreMessage(input(dsn(), [evidence("batv", "fail", "soft")])).verdict).toBe("undecided");
  });

  test("a signature in our name that DNS kept us from verifying is never hidden, and one without a key is", () => {
    const against = [evidence("received-path", "fail"), evidence("message-id-domain", "fail"), evidence("spf", "fail")];
    const judged = (outcome: "temperror" | "neutral") =>
      scoreMessage(input(dsn(), [evidence("returned-dkim", outcome), ...against])).verdict;
    expect(judged("temperror")).toBe("undecided");
    expect(judged("neutral")).toBe("backscatter");
  });

  test("SPF that denies the host, and a block list that knows the reporter, hide nothing even together", () => {
    const lines = [evidence("spf", "fail"), evidence("dnsbl", "fail", "soft")];
    expect(scoreMessage(input(dsn(), lines)).verdict).toBe("undecided");
  });

  test("a token that does not verify hides nothing alone: it may be ours, from another key", () => {
    expect(scoreMessage(input(dsn(), [evidence("batv", "fail")])).verdict).toBe("undecided");
    const foreignToo = [evidence("batv", "fail"), evidence("message-id-domain", "fail")];
    expect(scoreMessage(input(dsn(), foreignToo)).verdict).toBe("backscatter");
  });

  test("our relay's name where anybody could have written it is not enough alone; with our Message-ID it is", () => {
    const soft = evidence("received-path", "pass", "soft");
    expect(scoreMessage(input(dsn(), [soft])).verdict).toBe("undecided");
    expect(scoreMessage(input(dsn(), [soft, evidence("message-id-domain", "pass")])).verdict).toBe("genuine-dsn");
    expect(scoreMessage(input(dsn(), [soft, evidence("message-id-domain", "fail")])).verdict).toBe("undecided");
  });

  test("a foreign reporter alone hides nothing; with a foreign Message-ID, and no path to look at, it does", () => {
    for (const strength of ["soft", undefined] as const) {
      const reporter = evidence("reporting-mta", "fail", strength);
      expect(scoreMessage(input(dsn(), [reporter])).verdict).toBe("undecided");
      expect(scoreMessage(input(dsn(), [reporter, evidence("message-id-domain", "fail")])).verdict).toBe("backscatter");
      expect(scoreMessage(input(dsn(), [reporter, evidence("message-id-domain", "pass")])).verdict).toBe("undecided");
    }
  });

  test("a path that begins elsewhere is backscatter", () => {
    const verdict = scoreMessage(input(dsn(), [evidence("received-path", "fail")]));
    expect(verdict.verdict).toBe("backscatter");
    expect(verdict.score).toBeGreaterThanOrEqual(DEFAULT_THRESHOLDS.backscatter);
  });

  test("a foreign Message-ID alone, or a foreign sender alone, is not enough to hide it; both together are", () => {
    const messageId = evidence("message-id-domain", "fail");
    const sender = evidence("returned-sender-domain", "fail", "soft");
    expect(scoreMessage(input(dsn(), [messageId])).verdict).toBe("undecided");
    expect(scoreMessage(input(dsn(), [sender])).verdict).toBe("undecided");
    expect(scoreMessage(input(dsn(), [messageId, sender])).verdict).toBe("backscatter");
  });

  test("a Message-ID of ours is enough where nothing speaks against it, for that only decides who is bothered less", () => {
    expect(scoreMessage(input(dsn(), [evidence("message-id-domain", "pass")])).verdict).toBe("genuine-dsn");
    const lines = [evidence("message-id-domain", "pass"), evidence("batv", "fail", "soft")];
    expect(scoreMessage(input(dsn(), lines)).verdict).toBe("undecided");
  });

  test("mail of a list that we run, foreign but for its path through our relay, is not hidden", () => {
    // Where the path shows us, returned-sender-domain is neutral.
    const foreign = [evidence("message-id-domain", "fail"), evidence("returned-sender-domain", "neutral")];
    for (const strength of ["soft", undefined] as const) {
      const { verdict } = scoreMessage(input(dsn(), [evidence("received-path", "pass", strength), ...foreign]));
      expect(["undecided", "genuine-dsn"]).toContain(verdict);
    }
  });

  test("absence from a complete ledger is backscatter", () => {
    expect(scoreMessage(input(dsn(), [evidence("sent-ledger", "fail")])).verdict).toBe("backscatter");
  });

  test("a proof is believed against a path and a Message-ID that speak against it (a forwarder changed them)", () => {
    const against = [evidence("message-id-domain", "fail"), evidence("returned-sender-domain", "fail", "soft")];
    expect(scoreMessage(input(dsn(), [evidence("batv", "pass"), ...against])).verdict).toBe("genuine-dsn");
    expect(scoreMessage(input(dsn(), [evidence("returned-dkim", "pass"), ...against])).verdict).toBe("genuine-dsn");
  });

  test("where one weak check speaks for us and another against, a person decides", () => {
    const lines = [evidence("received-path", "fail"), evidence("message-id-domain", "pass")];
    expect(scoreMessage(input(dsn(), lines)).verdict).toBe("undecided");
  });

  test("more evidence against us never makes us likelier", () => {
    const checks = fc.constantFrom("batv", "srs", "sent-ledger", "received-path", "message-id-domain" as const);
    fc.assert(
      fc.property(
        fc.array(
          checks.map((check) => evidence(check, "fail")),
          { maxLength: 4 },
        ),
        checks,
        (lines, check) => {
          const before = scoreMessage(input(dsn(), lines)).scores["genuine-dsn"];
          const after = scoreMessage(input(dsn(), [...lines, evidence(check, "fail")])).scores["genuine-dsn"];
          expect(after).toBeLessThanOrEqual(before);
        },
      ),
    );
  });
});

describe("what the other kinds become", () => {
  test("a feedback report is for a person, whatever the checks say of the message that it reports", () => {
    const fails = [evidence("received-path", "fail"), evidence("message-id-domain", "fail")];
    expect(scoreMessage(input(feedback())).verdict).toBe("user-report");
    expect(scoreMessage(input(feedback(), fails)).verdict).toBe("user-report");
  });

  test("aggregate reports, receipts and automatic replies are automated", () => {
    for (const kind of ["dmarc-aggregate", "tls-report", "auto-reply"] as const) {
      expect(scoreMessage(input(plain(kind))).verdict, kind).toBe("automated");
    }
  });

  test("an automatic reply to mail that we did not send is backscatter, to mail that we sent it is not", () => {
    expect(scoreMessage(input(plain("auto-reply"), [evidence("received-path", "fail")])).verdict).toBe("backscatter");
    expect(scoreMessage(input(plain("auto-reply"), [evidence("received-path", "pass")])).verdict).toBe("automated");
  });

  test("an automatic reply never reaches a person because it is unclear which kind of machine mail it is", () => {
    const verdict = scoreMessage(input(plain("auto-reply"), [evidence("message-id-domain", "fail")]));
    expect(["automated", "backscatter"]).toContain(verdict.verdict);
  });

  test("a virus notice about mail that we sent is shown, one about mail that we did not send is not", () => {
    expect(scoreMessage(input(plain("virus-notice"), [evidence("sent-ledger", "pass")])).verdict).toBe("genuine-dsn");
    expect(scoreMessage(input(plain("virus-notice"), [evidence("received-path", "fail")])).verdict).toBe("backscatter");
  });

  test("list traffic and cron output are automated", () => {
    const text = letter("weekly digest", "Nothing new this week.");
    expect(scoreMessage(input(plain("other", ["list-mail"]), [], text)).verdict).toBe("automated");
    expect(scoreMessage(input(plain("other", ["cron"]), [], text)).verdict).toBe("automated");
  });

  test("a mess of bytes is undecided", () => {
    const mess = message(["\u0000\u0001\u0002 no header here", "%%%%%%"]);
    for (const kind of ["person", "other"] as const) {
      expect(scoreMessage({ ...input(plain(kind), [], mess), envelope: unknownEnvelope }).verdict).toBe("undecided");
    }
    expect(scoreMessage(input(plain("person"), [], message([]))).verdict).toBe("undecided");
  });
});

describe("thresholds", () => {
  test("a threshold of the configuration replaces the default one", () => {
    const weak = input(dsn(), [evidence("message-id-domain", "fail")]);
    expect(scoreMessage({ ...weak, thresholds: { backscatter: 0.6 } }).verdict).toBe("backscatter");
    const strong = input(dsn(), [evidence("received-path", "fail")]);
    expect(scoreMessage({ ...strong, thresholds: { backscatter: 0.9999 } }).verdict).toBe("undecided");
  });

  test("what hides reached its threshold: the probability that nothing is in it for a person", () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const { verdict, scores } = scoreMessage(any);
        if (verdict !== "backscatter" && verdict !== "automated" && verdict !== "spam") return;
        const nothingForAPerson = scores.backscatter + scores.automated + scores.spam;
        expect(nothingForAPerson).toBeGreaterThanOrEqual(DEFAULT_THRESHOLDS[verdict]);
      }),
    );
  });
});

describe("the sentence for the human", () => {
  test("names the recipient, the reason, the codes and what decided it", () => {
    const { why } = scoreMessage(input(dsn(), [evidence("received-path", "pass")]));
    expect(why).toBe(
      "Mail of this site to joe@example.net could not be delivered because the receiver blocks the sending server (550 5.7.1); received-path says pass.",
    );
  });

  test("names the recipient that failed, and says that there are others", () => {
    const recipients = [recipient({ action: "delivered" }), recipient({ addressText: "x", address: undefined })];
    const { why } = scoreMessage(input(dsn({ recipients }), [evidence("batv", "pass")]));
    expect(why).toContain("to x and 1 other could not be delivered");
  });

  test("stays on one line of bounded length, whatever the report names as recipient and remote server", () => {
    const text = fc.string({ unit: "binary", maxLength: 2000 });
    fc.assert(
      fc.property(text, text, (addressText, detail) => {
        const recipients = [recipient({ address: undefined, addressText })];
        const lines = [{ ...evidence("batv", "pass"), detail }];
        const { why } = scoreMessage(input(dsn({ recipients }), lines));
        expect(why).not.toMatch(/\p{Cc}/u);
        expect(why.length).toBeLessThanOrEqual(600);
      }),
    );
  });

  test("is one sentence for every message", () => {
    fc.assert(
      fc.property(anyInput, (any) => {
        const { why } = scoreMessage(any);
        expect(why).toMatch(/^[^\n]+\.$/);
      }),
    );
  });
});
