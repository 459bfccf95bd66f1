-- Pictures that were deleted, or made again, on purpose: what was bought of them before has no picture, or a second one,
-- and nothing is wrong with that.
CREATE TABLE removed_pictures (
  fingerprint TEXT PRIMARY KEY,
  -- The last time.
  at INTEGER NOT NULL
) WITHOUT ROWID;
