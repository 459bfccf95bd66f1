-- Pictures whose files are just being deleted, or set aside to be made again: nobody else does either meanwhile, and
-- nobody pins what is being deleted. Rows are there for moments; one that was left behind ends by its age.
CREATE TABLE picture_claims (
  fingerprint TEXT PRIMARY KEY,
  -- 'removal' or 'rerender'
  purpose TEXT NOT NULL,
  -- Drawn for each claim: who let go of one in time lets go of no later one.
  holder TEXT NOT NULL,
  since INTEGER NOT NULL
) WITHOUT ROWID;

-- Whether another account than the first bought a picture again: written with the purchase, into a row that is written
-- anyway, so that nobody has to look for it among all purchases.
ALTER TABLE renders ADD COLUMN bought_by_others INTEGER NOT NULL DEFAULT 0;
UPDATE renders SET bought_by_others = 1 WHERE fingerprint IN (
  SELECT again.fingerprint FROM purchases AS again JOIN renders AS first ON first.fingerprint = again.fingerprint
  WHERE first.rerendered_at IS NOT NULL AND again.account_id <> first.account_id AND again.outcome = 'ready'
    AND again.settled_at >= first.stored_at
);
