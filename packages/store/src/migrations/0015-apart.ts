import type { Migration } from "./migration.ts";

/**
 * Whoever gets something after somebody else, or had to wait for it, has a job of their own, a bounce of a notice is the human's who bounced, and an
 * allowance is as large for ten thousand mails an hour as for ten.
 *
 * `apart`: brought by a job of its own, which nothing that hangs for the others holds up. `next_at` is when the next human would
 * be told, and stays where `escalate_at` goes, because the mail was taken: it may come back.
 *
 * `allowance.minutes` and `counts`, side by side: how many mails in which minute since 1970. `taken` is that of the release
 * before, whose workers may still run while a site is being upgraded.
 */
export const apart: Migration = {
  id: 15,
  name: "apart",
  sql: `
ALTER TABLE assignment ADD COLUMN apart boolean NOT NULL DEFAULT false;
ALTER TABLE notice_assignment
  ADD COLUMN apart boolean NOT NULL DEFAULT false,
  ADD COLUMN next_at timestamptz;
CREATE INDEX notice_assignment_apart ON notice_assignment (queue, state_at) WHERE apart AND state = 'pending';
ALTER TABLE notice_delivery ADD COLUMN human text;
ALTER TABLE digest_delivery ADD COLUMN human text;

ALTER TABLE allowance
  ALTER COLUMN taken SET DEFAULT '{}',
  ADD COLUMN minutes integer[] NOT NULL DEFAULT '{}',
  ADD COLUMN counts integer[] NOT NULL DEFAULT '{}';
UPDATE allowance SET (minutes, counts) = (
  SELECT coalesce(array_agg(minute), '{}'), coalesce(array_agg(mails), '{}')
    FROM (SELECT floor(extract(epoch FROM t) / 60)::integer AS minute, count(*)::integer AS mails
            FROM unnest(taken) AS t GROUP BY 1) AS counted);
`,
};
