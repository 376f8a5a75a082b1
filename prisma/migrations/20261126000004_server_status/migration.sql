-- no-transaction
CREATE INDEX CONCURRENTLY "servers_status_idx" ON "servers"("status");
