-- outaged, schema version 5: what vendors say, and what probes have left behind.

-- What a status page said when it was last read (src/core/vendor.hpp).
CREATE TABLE vendor_claim (
  probe     TEXT NOT NULL,
  subject   TEXT NOT NULL,
  vendor    TEXT NOT NULL,              -- who says it
  platforms TEXT NOT NULL,              -- ours that it concerns, with spaces between
  state     TEXT NOT NULL,
  words     TEXT NOT NULL,              -- the vendor's own
  since     INTEGER,                    -- where the vendor says it
  read_at   INTEGER NOT NULL,
  PRIMARY KEY (probe, subject)
) WITHOUT ROWID;

-- Something that a probe has made on a platform and not deleted yet (src/core/leftover.hpp). Written before anything is
-- done with it, gone once it is deleted. Holds no secrets.
CREATE TABLE leftover (
  probe    TEXT NOT NULL,
  step     INTEGER NOT NULL,            -- the clean-up step that deletes it
  made     INTEGER NOT NULL,
  saved    TEXT NOT NULL,               -- JSON: the saved values that this step needs
  attempts INTEGER NOT NULL,
  PRIMARY KEY (probe, step, saved)
) WITHOUT ROWID;
