import type { OutletConfig } from "@triage/runtime";
import { openCommandOutlet } from "./command-outlet.ts";
import { openMaildirOutlet } from "./maildir-outlet.ts";
import { openMboxOutlet } from "./mbox-outlet.ts";
import type { Outlet } from "./outlet.ts";
import { openSmtpOutlet } from "./smtp-outlet.ts";
import { openWebhookOutlet } from "./webhook/webhook-outlet.ts";

/** Rejects when the outlet cannot be used at all, such as a Maildir that cannot be made. */
export async function openOutlet(config: OutletConfig): Promise<Outlet> {
  switch (config.kind) {
    case "maildir":
      return openMaildirOutlet(config);
    case "mbox":
      return openMboxOutlet(config);
    case "smtp":
    case "lmtp":
      return openSmtpOutlet(config);
    case "webhook":
      return openWebhookOutlet(config);
    case "command":
      return openCommandOutlet(config);
    default:
      return config satisfies never;
  }
}
