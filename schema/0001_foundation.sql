-- outaged, schema version 1.
-- Times are microseconds since 1970-01-01 UTC unless a comment says otherwise; durations are microseconds.
-- Enumerations are their names (docs/architecture.md, glossary), except in the two big tables, where the views
-- result_view and result_step_view spell them out.

-- The probes that were ever known. Rows of probes that are gone stay, because results refer to them.
CREATE TABLE probe (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  component  TEXT NOT NULL,             -- "platform/function"
  title      TEXT NOT NULL,
  tier       TEXT NOT NULL,             -- public, authenticated
  interval   INTEGER NOT NULL,
  state      TEXT NOT NULL              -- active, not configured (a secret is missing), disabled, gone
);

-- Who answered: numeric address and end of the certificate chain, both repeat all the time.
CREATE TABLE peer (
  id               INTEGER PRIMARY KEY,
  address          TEXT NOT NULL,
  certificate_ends INTEGER NOT NULL,    -- 0: no certificate seen
  UNIQUE (address, certificate_ends)
);

-- One row for each run, clustered by probe and time. About 50 bytes, so the columns are few and small.
CREATE TABLE result (
  probe    INTEGER NOT NULL,
  at       INTEGER NOT NULL,            -- milliseconds since 1970-01-01 UTC, when the run began
  outcome  INTEGER NOT NULL,            -- class + 8 * trigger + 32 * slow + 64 * kind of the only step + 256 if more steps
  status   INTEGER NOT NULL,            -- of the last step: HTTP status or DNS rcode
  pause    INTEGER NOT NULL,            -- duration of the run minus its phases
  lag      INTEGER NOT NULL,            -- milliseconds by which the event loop was late
  peer     INTEGER NOT NULL,            -- of the last step, 0: none
  dns      INTEGER NOT NULL,            -- the phases, summed over the steps
  connect  INTEGER NOT NULL,
  tls      INTEGER NOT NULL,
  send     INTEGER NOT NULL,
  wait     INTEGER NOT NULL,
  receive  INTEGER NOT NULL,
  PRIMARY KEY (probe, at)
) WITHOUT ROWID;

-- The steps of runs that had several, or that failed.
CREATE TABLE result_step (
  probe    INTEGER NOT NULL,
  at       INTEGER NOT NULL,            -- milliseconds, as in result
  position INTEGER NOT NULL,            -- order of execution
  step     INTEGER NOT NULL,            -- index in the probe's definition
  kind     INTEGER NOT NULL,
  class    INTEGER NOT NULL,
  status   INTEGER NOT NULL,
  peer     INTEGER NOT NULL,
  sent     INTEGER NOT NULL,            -- bytes of bodies
  received INTEGER NOT NULL,
  dns      INTEGER NOT NULL,
  connect  INTEGER NOT NULL,
  tls      INTEGER NOT NULL,
  send     INTEGER NOT NULL,
  wait     INTEGER NOT NULL,
  receive  INTEGER NOT NULL,
  PRIMARY KEY (probe, at, position)
) WITHOUT ROWID;

-- Why a run (position -1) or one of its steps failed.
CREATE TABLE result_failure (
  probe    INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  position INTEGER NOT NULL,
  layer    TEXT NOT NULL,
  phase    TEXT,
  kind     TEXT NOT NULL,
  detail   TEXT NOT NULL,
  PRIMARY KEY (probe, at, position)
) WITHOUT ROWID;

CREATE VIEW result_view AS
  SELECT p.name AS probe, p.component, strftime('%Y-%m-%dT%H:%M:%fZ', r.at / 1000.0, 'unixepoch') AS at, r.at AS at_ms,
         CASE r.outcome & 7 WHEN 0 THEN 'success' WHEN 1 THEN 'platform_failure' WHEN 2 THEN 'blocked'
                            WHEN 3 THEN 'our_fault' ELSE 'our_network' END AS class,
         CASE (r.outcome >> 3) & 3 WHEN 0 THEN 'scheduled' WHEN 1 THEN 'recheck' ELSE 'manual' END AS "trigger",
         (r.outcome >> 5) & 1 AS slow, r.status,
         r.pause + r.dns + r.connect + r.tls + r.send + r.wait + r.receive AS took,
         r.dns, r.connect, r.tls, r.send, r.wait, r.receive, r.lag AS lag_ms, a.address,
         f.layer, f.phase, f.kind, f.detail
  FROM result r JOIN probe p ON p.id = r.probe LEFT JOIN peer a ON a.id = r.peer
       LEFT JOIN result_failure f ON f.probe = r.probe AND f.at = r.at AND f.position = -1;

CREATE VIEW result_step_view AS
  SELECT p.name AS probe, strftime('%Y-%m-%dT%H:%M:%fZ', s.at / 1000.0, 'unixepoch') AS at, s.position, s.step,
         CASE s.kind WHEN 0 THEN 'http' WHEN 1 THEN 'tls' WHEN 2 THEN 'tcp' ELSE 'dns' END AS kind,
         CASE s.class WHEN 0 THEN 'success' WHEN 1 THEN 'platform_failure' WHEN 2 THEN 'blocked'
                      WHEN 3 THEN 'our_fault' ELSE 'our_network' END AS class,
         s.status, a.address, s.sent, s.received, s.dns, s.connect, s.tls, s.send, s.wait, s.receive,
         f.layer, f.phase, f.kind AS failure, f.detail
  FROM result_step s JOIN probe p ON p.id = s.probe LEFT JOIN peer a ON a.id = s.peer
       LEFT JOIN result_failure f ON f.probe = s.probe AND f.at = s.at AND f.position = s.position;

-- What each component was believed to be, from when to when; the current interval has no end.
CREATE TABLE component_state (
  component TEXT NOT NULL,
  since     INTEGER NOT NULL,
  until     INTEGER,
  state     TEXT NOT NULL,
  PRIMARY KEY (component, since)
) WITHOUT ROWID;

-- Our own network, likewise.
CREATE TABLE site_state (
  since            INTEGER PRIMARY KEY,
  until            INTEGER,
  online           INTEGER NOT NULL,
  controls_failing INTEGER NOT NULL,
  controls         INTEGER NOT NULL
);

CREATE TABLE incident (
  id            INTEGER PRIMARY KEY,
  state         TEXT NOT NULL,
  severity      TEXT NOT NULL,
  peak_severity TEXT NOT NULL,
  title         TEXT NOT NULL,
  diagnosis     TEXT NOT NULL,
  shared_cause  INTEGER NOT NULL,
  layer         TEXT,
  onset         INTEGER NOT NULL,
  opened_at     INTEGER NOT NULL,
  monitoring_at INTEGER,
  recovery      INTEGER,
  resolved_at   INTEGER
);
CREATE INDEX incident_open ON incident (id) WHERE resolved_at IS NULL;

CREATE TABLE incident_component (
  incident     INTEGER NOT NULL REFERENCES incident (id),
  position     INTEGER NOT NULL,        -- order of joining
  component    TEXT NOT NULL,
  state        TEXT NOT NULL,
  peak_state   TEXT NOT NULL,
  onset        INTEGER NOT NULL,
  joined_at    INTEGER NOT NULL,
  last_failure INTEGER,
  recovered_at INTEGER,
  share        REAL NOT NULL,
  worst_share  REAL NOT NULL,
  layer        TEXT,
  kind         TEXT NOT NULL,
  example      TEXT NOT NULL,
  PRIMARY KEY (incident, position)
) WITHOUT ROWID;

-- The timeline. Rows are only ever added.
CREATE TABLE incident_update (
  incident INTEGER NOT NULL REFERENCES incident (id),
  position INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  kind     TEXT NOT NULL,
  state    TEXT NOT NULL,
  text     TEXT NOT NULL,
  PRIMARY KEY (incident, position)
) WITHOUT ROWID;

-- Messages, written in the transaction of the incident that they tell of.
CREATE TABLE outbox (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  reference  TEXT NOT NULL,             -- idempotency key
  incident   INTEGER NOT NULL,          -- 0: none
  channel    TEXT NOT NULL,
  kind       TEXT NOT NULL,
  payload    TEXT NOT NULL,             -- the message as JSON
  created    INTEGER NOT NULL,
  not_before INTEGER NOT NULL,          -- the next attempt may not be earlier
  expires    INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  state      TEXT NOT NULL DEFAULT 'pending',  -- pending, delivered, failed, expired
  detail     TEXT NOT NULL DEFAULT '',  -- what the receiver said last
  UNIQUE (channel, reference)
);
CREATE INDEX outbox_pending ON outbox (id) WHERE state = 'pending';

-- Every attempt at a message.
CREATE TABLE delivery (
  id      INTEGER PRIMARY KEY,
  outbox  INTEGER NOT NULL REFERENCES outbox (id),
  at      INTEGER NOT NULL,
  outcome TEXT NOT NULL,                -- delivered, retry, failed, expired
  detail  TEXT NOT NULL
);

-- Probes that could not ask properly: expired tokens, quotas, blocks. Never outages.
CREATE TABLE probe_problem (
  id        INTEGER PRIMARY KEY,
  probe     TEXT NOT NULL,
  component TEXT NOT NULL,
  kind      TEXT NOT NULL,
  since     INTEGER NOT NULL,
  until     INTEGER,
  detail    TEXT NOT NULL
);
CREATE INDEX probe_problem_open ON probe_problem (probe) WHERE until IS NULL;

-- What detection remembers between two runs of the daemon.
CREATE TABLE detector_state (
  name     TEXT PRIMARY KEY,
  saved_at INTEGER NOT NULL,
  content  TEXT NOT NULL
) WITHOUT ROWID;

-- Facts about the daemon: started_at, alive_at, site, version.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;
