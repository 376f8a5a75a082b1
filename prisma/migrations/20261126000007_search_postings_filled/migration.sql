-- In a file of its own, so that nobody who publishes waits for it. A server that changes meanwhile may keep postings of
-- what it said before: nobody who reads takes one at its word (src/servers/list.db.ts).
INSERT INTO "search_postings" SELECT p.* FROM "servers" s CROSS JOIN LATERAL search_postings_of(s.id, s.search) p
ORDER BY p.word, p.rank, p.server_id ON CONFLICT DO NOTHING;
ANALYZE "search_postings";
