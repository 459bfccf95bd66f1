-- When the files of a picture that was deleted or made again were looked through once more: whoever was making a rendition
-- of it in that moment, and died before looking whether it still stands, has left one.
ALTER TABLE removed_pictures ADD COLUMN swept_at INTEGER;
