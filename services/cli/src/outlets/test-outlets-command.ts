/**
 * `triage outlets test`: one test mail through each outlet, to the humans whose outlet it is. No database and no queue;
 * the exit code is 0 when everybody has got it.
 */
import { type OutletTest, testOutlets } from "@triage/delivery";
import { describeOutlet, loadConfig } from "@triage/runtime";

export interface TestOutletsOptions {
  readonly config?: string;
  /** Id of the only one to be tested. */
  readonly outlet?: string;
}

/** What the human-readable line begins with. */
const OUTCOMES = { delivered: "delivered", error: "not now", failed: "refused" } as const;

export async function testOutletsCommand({ config: path, outlet: wanted }: TestOutletsOptions): Promise<number> {
  const config = loadConfig({ path, env: process.env });
  const outlets = wanted === undefined ? config.outlets : config.outlets.filter(({ id }) => id === wanted);
  if (outlets.length === 0) {
    const known = config.outlets.map(({ id }) => id).join(", ");
    process.stderr.write(`triage outlets test: there is no outlet "${wanted}"; there are: ${known}\n`);
    return 1;
  }
  let good = true;
  for await (const test of testOutlets(config, outlets, Date.now)) {
    process.stdout.write(`${formatTest(test).join("\n")}\n`);
    good &&= test.results.every(({ outcome }) => outcome === "delivered");
  }
  return good ? 0 : 1;
}

function formatTest({ outlet, results }: OutletTest): readonly string[] {
  const head = `${outlet.id}: ${describeOutlet(outlet)}`;
  if (results.length === 0) return [head, "  no human is delivered to by it: nothing was sent"];
  return [head, ...results.map(({ recipient, outcome, detail }) => `  ${recipient}: ${OUTCOMES[outcome]}: ${detail}`)];
}
