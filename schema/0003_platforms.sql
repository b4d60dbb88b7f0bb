-- outaged, schema version 3: what probes have learned from healthy targets.

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
