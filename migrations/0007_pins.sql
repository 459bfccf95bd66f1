-- Who keeps a picture whatever the retention: any account that bought it, the first time or again. A picture has
-- `renders.pinned_at` as long as anybody pins it, so that what may expire is found as before.
CREATE TABLE pins (
  account_id TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  pinned_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, fingerprint)
) WITHOUT ROWID;
CREATE INDEX pins_by_picture ON pins (fingerprint);

INSERT INTO pins SELECT account_id, fingerprint, pinned_at FROM renders WHERE pinned_at IS NOT NULL;
DROP INDEX renders_pinned;
