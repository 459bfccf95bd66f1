-- Accounts: 'private' ones have pictures of their own. Limits are JSON (src/accounts/account.ts), read with the key.
ALTER TABLE accounts ADD COLUMN visibility TEXT NOT NULL DEFAULT 'public';
ALTER TABLE accounts ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';

-- Keys: `id` names one without giving it away, `hint` is its beginning and end. Lists are JSON; NULL: all.
ALTER TABLE api_keys ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN kind TEXT NOT NULL DEFAULT 'live';
ALTER TABLE api_keys ADD COLUMN hint TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN scopes TEXT NOT NULL DEFAULT '["generate","read"]';
ALTER TABLE api_keys ADD COLUMN dialects TEXT;
ALTER TABLE api_keys ADD COLUMN origins TEXT;
ALTER TABLE api_keys ADD COLUMN limits TEXT NOT NULL DEFAULT '{}';

-- Money that moved without a purchase: top-ups, fees, adjustments, refunds, hits that have a price. An account's
-- balance is the sum of these less the sum of what its purchases spent.
CREATE TABLE credit_entries (
  account_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- 'top_up', 'fee', 'adjustment', 'refund' or 'hits'
  kind TEXT NOT NULL,
  micros INTEGER NOT NULL,
  note TEXT NOT NULL,
  -- The purchase that a refund is for.
  purchase_id TEXT,
  PRIMARY KEY (account_id, at, id)
) WITHOUT ROWID;

-- Which key of the account it was; NULL for the development key and for rows from before there were such keys.
ALTER TABLE purchases ADD COLUMN key_id TEXT;

-- What the purchases of a day come to, kept by the trigger in the very transaction that writes a purchase: reports
-- read these few rows however many purchases there are, and what retention deletes stays counted.
CREATE TABLE purchase_days (
  account_id TEXT NOT NULL,
  day TEXT NOT NULL,
  provider TEXT NOT NULL,
  dialect TEXT NOT NULL,
  outcome TEXT NOT NULL,
  paid_by TEXT NOT NULL,
  -- Rows, and those of them that were paid for or gave a picture.
  purchases INTEGER NOT NULL,
  bought INTEGER NOT NULL,
  quoted_micros INTEGER NOT NULL,
  spent_micros INTEGER NOT NULL,
  -- Purchases whose vendor said what it charged, what they were quoted, and what it charged.
  reported INTEGER NOT NULL,
  reported_quoted_micros INTEGER NOT NULL,
  reported_micros INTEGER NOT NULL,
  -- From the order to the end.
  duration_ms INTEGER NOT NULL,
  PRIMARY KEY (account_id, day, provider, dialect, outcome, paid_by)
) WITHOUT ROWID;

CREATE TRIGGER purchases_roll_up AFTER INSERT ON purchases BEGIN
  INSERT INTO purchase_days VALUES (
    new.account_id, date(new.settled_at / 1000, 'unixepoch'), new.provider, new.dialect, new.outcome, new.paid_by,
    1, new.outcome = 'ready' OR new.spent_micros > 0, new.quoted_micros, new.spent_micros,
    new.actual_micros IS NOT NULL, iif(new.actual_micros IS NULL, 0, new.quoted_micros), ifnull(new.actual_micros, 0),
    new.settled_at - new.queued_at
  )
  ON CONFLICT DO UPDATE SET
    purchases = purchases + excluded.purchases,
    bought = bought + excluded.bought,
    quoted_micros = quoted_micros + excluded.quoted_micros,
    spent_micros = spent_micros + excluded.spent_micros,
    reported = reported + excluded.reported,
    reported_quoted_micros = reported_quoted_micros + excluded.reported_quoted_micros,
    reported_micros = reported_micros + excluded.reported_micros,
    duration_ms = duration_ms + excluded.duration_ms;
END;

-- What earlier purchases come to.
INSERT INTO purchase_days
SELECT account_id, date(settled_at / 1000, 'unixepoch') AS day, provider, dialect, outcome, paid_by,
  count(*), sum(outcome = 'ready' OR spent_micros > 0), sum(quoted_micros), sum(spent_micros), count(actual_micros),
  sum(iif(actual_micros IS NULL, 0, quoted_micros)), sum(ifnull(actual_micros, 0)), sum(settled_at - queued_at)
FROM purchases GROUP BY account_id, day, provider, dialect, outcome, paid_by;

-- Hits and joins may have a price.
ALTER TABLE daily_counts ADD COLUMN charged_micros INTEGER NOT NULL DEFAULT 0;

-- Who changed what. Never a key, a prompt or a picture.
CREATE TABLE audit_entries (
  at INTEGER NOT NULL,
  id TEXT NOT NULL,
  -- 'admin-token', or the id of an admin-scoped key
  actor TEXT NOT NULL,
  -- such as 'key.create'
  action TEXT NOT NULL,
  -- what it was done to: an account's, key's or picture's id
  target TEXT NOT NULL,
  details TEXT NOT NULL,
  PRIMARY KEY (at, id)
) WITHOUT ROWID;
