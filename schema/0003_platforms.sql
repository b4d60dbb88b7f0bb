-- outaged, schema version 3: what probes learn and leave behind, what people report, what vendors say.

-- How the target of a probe's step answers (src/core/learned.hpp).
CREATE TABLE learned_answer (
  probe       TEXT NOT NULL,
  step        INTEGER NOT NULL,
  fingerprint TEXT NOT NULL,
  first_seen  INTEGER NOT NULL,
  last_seen   INTEGER NOT NULL,
  times       INTEGER NOT NULL,
  healthy     INTEGER NOT NULL,         -- 1: the target's usual way
  PRIMARY KEY (probe, step, fingerprint)
) WITHOUT ROWID;

-- Where names led when they last resolved.
CREATE TABLE known_address (
  host    TEXT PRIMARY KEY,
  address TEXT NOT NULL,
  seen    INTEGER NOT NULL
) WITHOUT ROWID;

-- What probes made on a platform and have not deleted yet. Written when it was made, gone once it is deleted.
CREATE TABLE leftover (
  probe    TEXT NOT NULL,
  step     INTEGER NOT NULL,            -- the clean-up step in the probe's definition
  saved    TEXT NOT NULL,               -- what that step needs to know, as JSON; no secrets
  made     INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  detail   TEXT NOT NULL,               -- why the last attempt failed
  PRIMARY KEY (probe, step, saved)
) WITHOUT ROWID;

-- What people say: counted, never trusted alone.
CREATE TABLE user_report (
  id        INTEGER PRIMARY KEY,
  at        INTEGER NOT NULL,
  component TEXT NOT NULL,
  text      TEXT NOT NULL
);
CREATE INDEX user_report_time ON user_report (component, at);

-- What the platforms' own status pages say.
CREATE TABLE vendor_notice (
  probe     TEXT NOT NULL,              -- the probe that reads the page
  key       TEXT NOT NULL,              -- the page's own id for it
  component TEXT NOT NULL,
  title     TEXT NOT NULL,
  state     TEXT NOT NULL,              -- in the page's own words
  open      INTEGER NOT NULL,
  began     INTEGER,                    -- as the page says
  published INTEGER,                    -- likewise
  seen      INTEGER NOT NULL,           -- first by us
  ended     INTEGER,                    -- when it was no longer said to go on, seen by us
  PRIMARY KEY (probe, key)
) WITHOUT ROWID;
