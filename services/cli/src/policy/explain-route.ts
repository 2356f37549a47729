/** Everything that `triage policy explain` says about one message, before it is put into lines. */
import { type ClassifyContext, classify } from "@triage/classifier";
import type { Classification } from "@triage/contracts";
import type { Envelope } from "@triage/message";
import { DEFAULT_POLICY, type ExplainedRow, explainPolicy, routedFacts } from "@triage/routing";

/** `--format json` prints it as it is. */
export interface ExplainedRoute
  extends Pick<Classification, "verdict" | "score" | "route" | "urgency" | "rule" | "why" | "advice" | "fingerprint"> {
  readonly path: string;
  /** Why the decisive row is there. */
  readonly because: string;
  /** In the order in which they are asked; exactly one is decisive. */
  readonly rows: readonly ExplainedRow[];
}

/** Without a database: other messages with the same cause are not known, so rows about volume and novelty do not match. */
export async function explainRoute(
  path: string,
  raw: Buffer,
  envelope: Envelope,
  context: ClassifyContext,
): Promise<ExplainedRoute> {
  const { classification, envelope: paths, report, override, verdict: judged } = await classify(raw, envelope, context);
  const forwardPathDomains = paths.forwardPaths.map(({ domain }) => domain);
  const facts = routedFacts(judged, report, { forwardPathDomains, causes: undefined });
  const rows = explainPolicy(facts, { policy: context.policy ?? DEFAULT_POLICY, override });
  const { verdict, score, route, urgency, rule, why, advice, fingerprint } = classification;
  return {
    path,
    verdict,
    score,
    route,
    ...(urgency !== undefined && { urgency }),
    rule,
    because: rows.find(({ decisive }) => decisive)?.because ?? "",
    ...(advice !== undefined && { advice }),
    ...(fingerprint !== undefined && { fingerprint }),
    why,
    rows,
  };
}
