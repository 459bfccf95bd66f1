-- What became of a picture that was made again, its objects having been lost, purged or expired. `sha256` stays the
-- digest of the first time.
ALTER TABLE renders ADD COLUMN last_sha256 TEXT;
ALTER TABLE renders ADD COLUMN rerendered_at INTEGER;
-- When its objects were deleted by age; NULL: they were not.
ALTER TABLE renders ADD COLUMN expired_at INTEGER;
-- When the account that bought it pinned it; NULL: it is not pinned.
ALTER TABLE renders ADD COLUMN pinned_at INTEGER;

-- Pins of an account. Only what is pinned is in it.
CREATE INDEX renders_pinned ON renders (account_id, fingerprint) WHERE pinned_at IS NOT NULL;
-- What may expire, the oldest first.
CREATE INDEX renders_by_age ON renders (ifnull(rerendered_at, stored_at)) WHERE pinned_at IS NULL AND expired_at IS NULL;
