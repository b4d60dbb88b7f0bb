-- outaged, schema version 4: what users report.

-- By component and minute. Who they are is not kept.
CREATE TABLE user_report (
  component TEXT NOT NULL,
  minute    INTEGER NOT NULL,           -- when it began, microseconds since 1970
  reports   INTEGER NOT NULL,
  PRIMARY KEY (component, minute)
) WITHOUT ROWID;
