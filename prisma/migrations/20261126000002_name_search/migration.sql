-- no-transaction
CREATE INDEX CONCURRENTLY "versions_name_key_trgm_idx" ON "versions" USING GIN ("name_key" gin_trgm_ops);
