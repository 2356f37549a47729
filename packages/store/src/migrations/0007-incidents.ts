import type { Migration } from "./migration.ts";

/**
 * Incidents of all kinds, the messages of each, and how often every cause has been seen.
 *
 * `incident.scope` is what an incident is about: of a kind and scope one at most is open. Storms have none, their keys are in
 * `incident_key`. `opener` is the message that the human got for it; `severity` the worst that was reported so far. `incident_message.role`:
 * delivered as itself for the incident, or only counted.
 *
 * `cause_hour` counts messages per fingerprint and hour (since 1970); `cause_message` makes a message count once, and
 * keeps what was answered, so that a repeated job gets the same.
 */
export const incidents: Migration = {
  id: 7,
  name: "incidents",
  sql: `
ALTER TABLE incident ADD COLUMN scope text, ADD COLUMN opener uuid, ADD COLUMN severity text;
CREATE UNIQUE INDEX incident_scope ON incident (kind, scope) WHERE state = 'open';

CREATE TABLE incident_message (
  message_id uuid PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
  incident_id uuid NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
  role text NOT NULL CHECK (role IN ('opener', 'grouped'))
);
CREATE INDEX incident_message_incident ON incident_message (incident_id, message_id);

CREATE TABLE cause_hour (
  fingerprint text NOT NULL,
  hour integer NOT NULL,
  messages integer NOT NULL,
  PRIMARY KEY (fingerprint, hour)
) WITH (fillfactor = 70);
CREATE INDEX cause_hour_hour ON cause_hour (hour);

CREATE TABLE cause_message (
  message_id uuid PRIMARY KEY,
  fingerprint text NOT NULL,
  hour integer NOT NULL,
  facts json
) WITH (fillfactor = 70);
CREATE INDEX cause_message_hour ON cause_message (hour);
`,
};
