-- Which servers have a word, best first: the top of a ranked list is a range of this key, however many have the word.
CREATE TABLE "search_postings" (
    "word" TEXT COLLATE "C" NOT NULL,
    "rank" INTEGER NOT NULL,
    "server_id" INTEGER NOT NULL,

    CONSTRAINT "search_postings_pkey" PRIMARY KEY ("word","rank","server_id")
);

-- What a server is found by. `rank` is three places a text (name, title, description), and the number of its words within.
CREATE FUNCTION "search_postings_of"(server int, search tsvector) RETURNS SETOF "search_postings"
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$
        SELECT lexeme, CASE WHEN 'A' = ANY(weights) THEN 0 WHEN 'B' = ANY(weights) THEN 30000 ELSE 60000 END
            + least(length(search), 9999), server
        FROM unnest(search)
    $$;

-- Whatever writes servers, the release before this one too, writes these.
CREATE FUNCTION "follow_search"() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM search_postings p USING search_postings_of(OLD.id, OLD.search) o
            WHERE p.word = o.word AND p.rank = o.rank AND p.server_id = o.server_id;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO search_postings SELECT * FROM search_postings_of(NEW.id, NEW.search) ON CONFLICT DO NOTHING;
        END IF;
        RETURN NULL;
    END
    $$;
CREATE TRIGGER "servers_are_posted" AFTER INSERT OR DELETE ON "servers" FOR EACH ROW EXECUTE FUNCTION "follow_search"();
CREATE TRIGGER "servers_are_posted_anew" AFTER UPDATE ON "servers" FOR EACH ROW
    WHEN (OLD.search IS DISTINCT FROM NEW.search) EXECUTE FUNCTION "follow_search"();

-- How the words begin by which a word of a search is found, none of them within another: as it stands, by its English
-- stem, by the words that it is inside of; if it occurs nowhere, by the known words within one typo of it.
CREATE FUNCTION "search_beginnings"(term text) RETURNS text[]
    LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT
    AS $$
    DECLARE
        stem text := (ts_lexize('english_stem', term))[1];
        found_words text[] := ARRAY[]::text[];
        beginnings text[];
        beginning text;
        kept text;
    BEGIN
        IF length(term) >= 3 OR octet_length(term) > length(term) THEN
            found_words := ARRAY(SELECT w.word FROM search_words w
                WHERE w.word LIKE '%' || replace(replace(replace(term, '\', '\\'), '%', '\%'), '_', '\_') || '%'
                    AND NOT starts_with(w.word, term)
                ORDER BY length(w.word), w.word LIMIT 100);
        END IF;
        IF found_words = ARRAY[]::text[] AND NOT EXISTS (SELECT FROM search_words w
            WHERE w.word >= coalesce(nullif(stem, ''), term) AND w.word < coalesce(nullif(stem, ''), term) || chr(1114111)) THEN
            found_words := ARRAY(SELECT w.word FROM search_words w
                WHERE w.keys && spelling_keys(term) AND abs(length(w.word) - length(term)) <= 1
                ORDER BY similarity(w.word, term) DESC, w.word LIMIT 20);
        END IF;
        found_words := found_words || term || CASE WHEN length(stem) >= 3 THEN ARRAY[stem] END;
        -- Whatever begins with a word comes right behind it.
        FOREACH beginning IN ARRAY ARRAY(SELECT w FROM unnest(found_words) w ORDER BY w COLLATE "C") LOOP
            IF kept IS NULL OR NOT starts_with(beginning, kept) THEN
                beginnings := beginnings || beginning;
                kept := beginning;
            END IF;
        END LOOP;
        RETURN beginnings;
    END
    $$;

-- A word of a search: how what it finds begins, and the nine places where it may be found, best first: the name, the
-- title, the description, in each the word itself, then one that begins with it, then any other. The ninth finds all.
CREATE FUNCTION "search_term"(term text, OUT beginnings text[], OUT places tsquery[])
    LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT
    AS $$
    DECLARE
        anything text;
    BEGIN
        beginnings := search_beginnings(term);
        SELECT string_agg(quote_literal(b) || ':*', ' | ') INTO anything FROM unnest(beginnings) b;
        SELECT array_agg(query::tsquery ORDER BY weight, place) INTO places
        FROM unnest(ARRAY['A', 'B', '']) WITH ORDINALITY t(text, weight), LATERAL (VALUES
            (1, quote_literal(term) || ':' || text),
            (2, quote_literal(term) || ':*' || text),
            (3, replace(anything, ':*', ':*' || text))) q(place, query);
    END
    $$;

-- The known words that are found for one of a search, and what each adds to the rank of its postings.
CREATE FUNCTION "search_matches"(term text, beginnings text[]) RETURNS TABLE (word text, adds int)
    LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT ROWS 20
    AS $$
    BEGIN
        RETURN QUERY SELECT w.word, CASE WHEN w.word = term THEN 0 WHEN starts_with(w.word, term) THEN 10000 ELSE 20000 END
            FROM unnest(beginnings) b JOIN search_words w ON w.word >= b AND w.word < b || chr(1114111);
    END
    $$;

-- The place of a server where a word of a search is found, times ten thousand; null where it is not. (STRICT would keep
-- PostgreSQL from inlining it.)
CREATE FUNCTION "search_place"(search tsvector, places tsquery[]) RETURNS int
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN search @@ places[1] THEN 0 WHEN search @@ places[2] THEN 10000 WHEN search @@ places[3] THEN 20000
        WHEN search @@ places[4] THEN 30000 WHEN search @@ places[5] THEN 40000 WHEN search @@ places[6] THEN 50000
        WHEN search @@ places[7] THEN 60000 WHEN search @@ places[8] THEN 70000 WHEN search @@ places[9] THEN 80000 END;

-- As before, but without the many beginnings that are within others: what earlier releases search with.
CREATE OR REPLACE FUNCTION "search_query"(words text[]) RETURNS tsquery
    LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT
    AS $$
    DECLARE
        term text;
        found tsquery;
        result tsquery;
    BEGIN
        FOREACH term IN ARRAY words LOOP
            SELECT t.places[9] INTO found FROM search_term(term) t;
            result := coalesce(result && found, found);
        END LOOP;
        RETURN result;
    END
    $$;
