-- Whether a text search walks the list or looks its matches up depends on how many there are: a hundred samples can't tell
-- a rare word from one of a hundred.
ALTER TABLE "versions" ALTER COLUMN "name_key" SET STATISTICS 1000, ALTER COLUMN "description" SET STATISTICS 1000;
ANALYZE "versions" ("name_key", "description");
