-- Vendor keys of callers, one for each provider: encrypted with a key derived from SIGNING_SECRET.
CREATE TABLE provider_keys (
  account_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  sealed_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, provider)
) WITHOUT ROWID;
