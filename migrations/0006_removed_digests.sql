-- The digest of the first time of a picture that was purged: what is made of it again is compared with that.
ALTER TABLE removed_pictures ADD COLUMN sha256 TEXT;
