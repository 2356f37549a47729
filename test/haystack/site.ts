/** The two sites that the day is tried on; they differ in nothing but the sent ledger. */
import { fileURLToPath } from "node:url";

export interface HaystackSite {
  /** The triage.yaml. */
  readonly configPath: string;
  /** Share of the mail sent that the ledger knows, from 0 to 1. */
  readonly ledgerShare: number;
}

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

export const SITES: Readonly<Record<string, HaystackSite>> = {
  followed: { configPath: pathOf("followed-site.yaml"), ledgerShare: 1 },
  plain: { configPath: pathOf("plain-site.yaml"), ledgerShare: 0.9 },
};

/** The followed site, with two humans whose mail is really delivered. */
export const TWO_HUMANS: HaystackSite = { configPath: pathOf("two-humans.yaml"), ledgerShare: 1 };
