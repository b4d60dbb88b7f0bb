-- Alerts: what each channel has been told, what stops telling, and channels that cannot be told anything.

ALTER TABLE outbox ADD COLUMN told INTEGER NOT NULL DEFAULT 0;  -- entries of the incident's timeline that it tells of
CREATE INDEX outbox_incident ON outbox (incident, channel);

-- What a receiver calls its first message about an incident, so that later ones can refer to it.
CREATE TABLE conversation (
  channel  TEXT NOT NULL,
  incident INTEGER NOT NULL,
  handle   TEXT NOT NULL,
  PRIMARY KEY (channel, incident)
) WITHOUT ROWID;

-- Channels that refuse what they are sent, or are out of reach for long.
CREATE TABLE channel_problem (
  id      INTEGER PRIMARY KEY,
  channel TEXT NOT NULL,
  since   INTEGER NOT NULL,
  until   INTEGER,
  detail  TEXT NOT NULL
);
CREATE INDEX channel_problem_open ON channel_problem (channel) WHERE until IS NULL;

-- "Do not tell": stops messages, never the recording.
CREATE TABLE silence (
  id      INTEGER PRIMARY KEY,
  pattern TEXT NOT NULL,                -- "whatsapp/*", "*/login", "whatsapp/media-upload", "*/*"
  since   INTEGER NOT NULL,
  until   INTEGER NOT NULL,
  reason  TEXT NOT NULL,
  author  TEXT NOT NULL,
  ended   INTEGER                       -- when somebody ended it early
);

-- "Expected": once, or again and again by a rule in the civil time of a zone.
CREATE TABLE maintenance (
  id       INTEGER PRIMARY KEY,
  pattern  TEXT NOT NULL,
  title    TEXT NOT NULL,
  begins   INTEGER NOT NULL,            -- of the first time
  duration INTEGER NOT NULL,
  zone     TEXT NOT NULL,
  rule     TEXT NOT NULL,               -- "FREQ=WEEKLY;BYDAY=SU"; empty: once
  author   TEXT NOT NULL,
  ended    INTEGER                      -- when somebody ended all of it
);
