import type { HeaderList } from "@triage/message";
import type { CompiledSite } from "../site/compile-site.ts";
import { returnedPath } from "./returned-path.ts";
import { type PathFinding, tracePath } from "./trace-path.ts";

/** What was found last: half a dozen checks of one message ask for the same (see returnedPath). */
let last: { readonly headers: HeaderList; readonly site: CompiledSite; readonly finding: PathFinding } | undefined;

/** What the Received chain of a returned header shows to that site; walked once per header and site. */
export function returnedTrace(headers: HeaderList, site: CompiledSite): PathFinding {
  if (last?.headers === headers && last.site === site) return last.finding;
  const finding = tracePath(returnedPath(headers), site);
  last = { headers, site, finding };
  return finding;
}
