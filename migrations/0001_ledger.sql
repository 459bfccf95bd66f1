-- Keys of callers: only the SHA-256 of each is stored.
CREATE TABLE accounts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE api_keys (
  sha256 TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (id),
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) WITHOUT ROWID;

-- One row for every purchase, clustered as it is reported: by account and time. No other index: each is a row written.
CREATE TABLE purchases (
  account_id TEXT NOT NULL,
  settled_at INTEGER NOT NULL,
  id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  dialect TEXT NOT NULL,
  task TEXT NOT NULL,
  provider TEXT NOT NULL,
  outcome TEXT NOT NULL,
  input_megapixels REAL NOT NULL,
  output_megapixels REAL NOT NULL,
  quoted_micros INTEGER NOT NULL,
  actual_micros INTEGER,
  spent_micros INTEGER NOT NULL,
  -- 'account', or 'caller' where the caller brought a vendor key of its own: then nothing was spent here.
  paid_by TEXT NOT NULL,
  queued_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, settled_at, id)
) WITHOUT ROWID;

-- Every stored picture, for listing and provenance.
CREATE TABLE renders (
  fingerprint TEXT PRIMARY KEY,
  account_id TEXT NOT NULL,
  stored_at INTEGER NOT NULL,
  provider TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  seed INTEGER NOT NULL
) WITHOUT ROWID;

-- What was not bought: hits and joins, counted in batches. saved_micros is what each would have cost.
CREATE TABLE daily_counts (
  account_id TEXT NOT NULL,
  day TEXT NOT NULL,
  dialect TEXT NOT NULL,
  kind TEXT NOT NULL,
  count INTEGER NOT NULL,
  saved_micros INTEGER NOT NULL,
  PRIMARY KEY (account_id, day, dialect, kind)
) WITHOUT ROWID;
