-- As before, but each posting that goes is looked up by its key. PostgreSQL joined them with the whole table: a connection
-- keeps the plan that it made while the table was small, so each server that was published took longer than the last.
CREATE OR REPLACE FUNCTION "follow_search"() RETURNS trigger
    LANGUAGE plpgsql
    SET enable_seqscan = off
    AS $$
    DECLARE
        gone "search_postings";
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            FOR gone IN SELECT * FROM search_postings_of(OLD.id, OLD.search) LOOP
                DELETE FROM search_postings p
                WHERE p.word = gone.word AND p.rank = gone.rank AND p.server_id = gone.server_id;
            END LOOP;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO search_postings SELECT * FROM search_postings_of(NEW.id, NEW.search) ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
    END
    $$;
