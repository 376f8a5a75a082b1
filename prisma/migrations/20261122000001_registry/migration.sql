-- What is in the registry.

-- Substring and near-miss look-ups.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- What full text search reads of a name or a sentence: lower case, with the separators of names as spaces.
CREATE FUNCTION "search_text"(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    RETURN translate(lower(value), './_-@:+&|', '         ');

-- A word and the word less any one letter: two words are within one typo of each other only if they share a key.
CREATE FUNCTION "spelling_keys"(word text) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$
        SELECT CASE WHEN length(word) BETWEEN 4 AND 32
            THEN ARRAY[word] || ARRAY(SELECT DISTINCT overlay(word PLACING '' FROM i FOR 1) FROM generate_series(1, length(word)) i)
            ELSE ARRAY[word] END
    $$;

-- CreateEnum
CREATE TYPE "server_status" AS ENUM ('active', 'deprecated', 'deleted');

-- CreateEnum
CREATE TYPE "change_kind" AS ENUM ('published', 'edited', 'status_changed', 'latest_changed');

-- CreateTable
CREATE TABLE "servers" (
    "id" SERIAL NOT NULL,
    "namespace_id" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "name_key" TEXT COLLATE "C" NOT NULL,
    "head_id" INTEGER,
    "status" "server_status" NOT NULL DEFAULT 'active',
    "title" TEXT NOT NULL DEFAULT '',
    "description" TEXT NOT NULL DEFAULT '',
    "search" tsvector NOT NULL GENERATED ALWAYS AS ((setweight(to_tsvector('simple'::regconfig, search_text(name_key)), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, search_text(title)), 'B'::"char")) || setweight(to_tsvector('simple'::regconfig, search_text(description)), 'C'::"char")) STORED,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "published_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revision" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "servers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "versions" (
    "id" SERIAL NOT NULL,
    "server_id" INTEGER NOT NULL,
    "name_key" TEXT COLLATE "C" NOT NULL,
    "version" TEXT COLLATE "C" NOT NULL,
    "precedence" TEXT COLLATE "C" NOT NULL,
    "status" "server_status" NOT NULL,
    "status_message" TEXT,
    "status_changed_at" TIMESTAMPTZ(6) NOT NULL,
    "is_latest" BOOLEAN NOT NULL DEFAULT false,
    "published_at" TIMESTAMPTZ(6) NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL,
    "revision" BIGINT NOT NULL DEFAULT 0,
    "document" JSON NOT NULL,
    "digest" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "facets" TEXT[],
    "source" TEXT,
    "publisher_method" TEXT,
    "publisher_subject" TEXT,
    "publisher_id" INTEGER,

    CONSTRAINT "versions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "packages" (
    "version_id" INTEGER NOT NULL,
    "position" INTEGER NOT NULL,
    "registry_type" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "packages_pkey" PRIMARY KEY ("version_id","position")
);

-- CreateTable
CREATE TABLE "changes" (
    "revision" BIGINT NOT NULL,
    "version_id" INTEGER NOT NULL,
    "kind" "change_kind" NOT NULL,
    "changed_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "changes_pkey" PRIMARY KEY ("revision")
);

-- CreateTable
CREATE TABLE "revision" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "n" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "revision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "search_words" (
    "word" TEXT COLLATE "C" NOT NULL,
    "keys" TEXT[] GENERATED ALWAYS AS (spelling_keys(word)) STORED,

    CONSTRAINT "search_words_pkey" PRIMARY KEY ("word")
);

-- CreateTable
CREATE TABLE "sync_sources" (
    "source" TEXT NOT NULL,
    "checkpoint" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sync_sources_pkey" PRIMARY KEY ("source")
);

-- CreateTable
CREATE TABLE "operations" (
    "id" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "operations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "servers_name_key_key" ON "servers"("name_key");

-- CreateIndex
CREATE UNIQUE INDEX "servers_head_id_key" ON "servers"("head_id");

-- CreateIndex
CREATE INDEX "servers_published_at_id_idx" ON "servers"("published_at", "id");

-- CreateIndex
CREATE INDEX "servers_updated_at_id_idx" ON "servers"("updated_at", "id");

-- CreateIndex
CREATE INDEX "servers_namespace_id_idx" ON "servers"("namespace_id");

-- CreateIndex
CREATE INDEX "servers_search_idx" ON "servers" USING GIN ("search");

-- CreateIndex
CREATE INDEX "servers_name_key_trgm_idx" ON "servers" USING GIN ("name_key" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "versions_server_id_published_at_id_idx" ON "versions"("server_id", "published_at", "id");

-- CreateIndex
CREATE INDEX "versions_order_idx" ON "versions"("server_id", "precedence" DESC, "published_at" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "versions_updated_at_id_idx" ON "versions"("updated_at", "id");

-- CreateIndex
CREATE INDEX "versions_facets_idx" ON "versions" USING GIN ("facets");

-- CreateIndex
CREATE INDEX "versions_description_trgm_idx" ON "versions" USING GIN ("description" gin_trgm_ops);

-- CreateIndex
CREATE UNIQUE INDEX "versions_name_key_version_key" ON "versions"("name_key", "version");

-- CreateIndex
CREATE INDEX "packages_registry_type_identifier_idx" ON "packages"("registry_type", "identifier");

-- CreateIndex
CREATE INDEX "packages_registry_type_name_idx" ON "packages"("registry_type", "name");

-- CreateIndex
CREATE INDEX "changes_version_id_idx" ON "changes"("version_id");

-- CreateIndex
CREATE INDEX "search_words_keys_idx" ON "search_words" USING GIN ("keys");

-- CreateIndex
CREATE INDEX "search_words_word_trgm_idx" ON "search_words" USING GIN ("word" gin_trgm_ops);

-- CreateIndex
CREATE INDEX "operations_last_used_at_idx" ON "operations"("last_used_at");

-- AddForeignKey
ALTER TABLE "servers" ADD CONSTRAINT "servers_namespace_id_fkey" FOREIGN KEY ("namespace_id") REFERENCES "namespaces"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "servers" ADD CONSTRAINT "servers_head_id_fkey" FOREIGN KEY ("head_id") REFERENCES "versions"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "versions" ADD CONSTRAINT "versions_server_id_fkey" FOREIGN KEY ("server_id") REFERENCES "servers"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "versions" ADD CONSTRAINT "versions_publisher_id_fkey" FOREIGN KEY ("publisher_id") REFERENCES "accounts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "packages" ADD CONSTRAINT "packages_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "changes" ADD CONSTRAINT "changes_version_id_fkey" FOREIGN KEY ("version_id") REFERENCES "versions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma's schema can't say.
CREATE UNIQUE INDEX "versions_one_latest_idx" ON "versions"("server_id") WHERE "is_latest";
ALTER TABLE "versions" ADD CONSTRAINT "versions_latest_is_not_deleted" CHECK (NOT ("is_latest" AND "status" = 'deleted'));
ALTER TABLE "versions" ADD CONSTRAINT "versions_version_not_empty" CHECK ("version" <> '');
ALTER TABLE "servers" ADD CONSTRAINT "servers_name_key_is_lower_case" CHECK ("name_key" = lower("name" COLLATE "C"));
ALTER TABLE "revision" ADD CONSTRAINT "revision_is_one_row" CHECK ("id" = 1);
INSERT INTO "revision" DEFAULT VALUES;

-- The full text query for the words of a search: each must occur, as it stands, as the beginning of a word, by its
-- English stem or inside a longer word; a word that occurs nowhere stands for the known words within one typo of it, and what begins like them.
CREATE FUNCTION "search_query"(words text[]) RETURNS tsquery
    LANGUAGE plpgsql STABLE PARALLEL SAFE STRICT
    AS $$
    DECLARE
        term text;
        stem text;
        found_words text[];
        alternatives tsquery;
        result tsquery;
    BEGIN
        FOREACH term IN ARRAY words LOOP
            alternatives := (quote_literal(term) || ':*')::tsquery;
            stem := (ts_lexize('english_stem', term))[1];
            IF length(stem) >= 3 AND stem <> term THEN
                alternatives := alternatives || (quote_literal(stem) || ':*')::tsquery;
            END IF;
            found_words := ARRAY[]::text[];
            IF length(term) >= 3 OR octet_length(term) > length(term) THEN
                found_words := ARRAY(SELECT w.word FROM search_words w
                    WHERE w.word LIKE '%' || replace(replace(replace(term, '\', '\\'), '%', '\%'), '_', '\_') || '%'
                    ORDER BY length(w.word), w.word LIMIT 100);
            END IF;
            IF found_words = ARRAY[]::text[] AND NOT EXISTS (SELECT 1 FROM search_words w
                WHERE w.word >= coalesce(nullif(stem, ''), term) AND w.word < coalesce(nullif(stem, ''), term) || chr(1114111)) THEN
                found_words := ARRAY(SELECT w.word FROM search_words w
                    WHERE w.keys && spelling_keys(term) AND abs(length(w.word) - length(term)) <= 1
                    ORDER BY similarity(w.word, term) DESC, w.word LIMIT 20);
            END IF;
            FOR i IN 1 .. cardinality(found_words) LOOP
                alternatives := alternatives || (quote_literal(found_words[i]) || ':*')::tsquery;
            END LOOP;
            result := CASE WHEN result IS NULL THEN alternatives ELSE result && alternatives END;
        END LOOP;
        RETURN result;
    END
    $$;
