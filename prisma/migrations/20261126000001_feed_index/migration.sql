-- no-transaction
CREATE INDEX CONCURRENTLY "changes_changed_at_revision_idx" ON "changes"("changed_at", "revision");
