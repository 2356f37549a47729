import type { OutletConfig } from "@triage/runtime";
import { openMaildirOutlet } from "./maildir-outlet.ts";
import type { Outlet } from "./outlet.ts";
import { openSmtpOutlet } from "./smtp-outlet.ts";

/** Rejects when the outlet cannot be used at all, such as a Maildir that cannot be made. */
export async function openOutlet(config: OutletConfig): Promise<Outlet> {
  switch (config.kind) {
    case "maildir":
      return openMaildirOutlet(config);
    case "smtp":
    case "lmtp":
      return openSmtpOutlet(config);
    default:
      throw new Error(`${config.kind} is not built yet`);
  }
}
