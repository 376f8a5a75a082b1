-- no-transaction
CREATE INDEX CONCURRENTLY "versions_status_idx" ON "versions"("status");
