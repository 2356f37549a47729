/**
 * All rules in the order in which they are asked. Codes of large receivers first; then what can only mean one thing
 * (full, reverse DNS, authentication, lists), then what several causes share. `AFTER_STATUS` is asked only when the
 * enhanced status code does not say it already.
 */
import type { ReasonRule } from "../reason-rule.ts";
import { FORM_RULES, POLICY_RULES, SIZE_RULES, SPAM_RULES, VIRUS_RULES } from "./content.ts";
import { PROVIDER_RULES } from "./providers.ts";
import { FILTERED_RULES, MAILBOX_RULES, SUSPENDED_RULES, UNKNOWN_USER_RULES } from "./recipient.ts";
import { SENDER_RULES } from "./sender.ts";
import { SOPHOS_RULES } from "./sophos.ts";
import { GENERAL_RULES, RELAY_RULES, SENDER_ADDRESS_RULES, TRANSPORT_RULES } from "./transport.ts";
import { WORD_PAIR_RULES } from "./word-pairs.ts";

export const BEFORE_STATUS: readonly ReasonRule[] = [
  ...PROVIDER_RULES,
  ...SOPHOS_RULES,
  ...MAILBOX_RULES,
  ...SIZE_RULES,
  ...SENDER_RULES,
  ...RELAY_RULES,
  ...VIRUS_RULES,
  ...SUSPENDED_RULES,
  ...FILTERED_RULES,
  ...SPAM_RULES,
  ...FORM_RULES,
  ...SENDER_ADDRESS_RULES,
  ...UNKNOWN_USER_RULES,
  ...POLICY_RULES,
  ...TRANSPORT_RULES,
];

export const AFTER_STATUS: readonly ReasonRule[] = GENERAL_RULES;

/** Asked when neither those nor the status code have explained anything. */
export const LAST: readonly ReasonRule[] = WORD_PAIR_RULES;
