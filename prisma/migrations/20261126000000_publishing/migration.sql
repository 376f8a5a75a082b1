-- Remotes: one owner for each address, seen to by a primary key rather than by a search of all documents.
ALTER TABLE "versions" ADD COLUMN "remote_urls" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[],
  ADD COLUMN "taken_down" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "remote_urls" (
    "url" TEXT COLLATE "C" NOT NULL,
    "holders" INTEGER[],

    CONSTRAINT "remote_urls_pkey" PRIMARY KEY ("url")
);
CREATE INDEX "remote_urls_holders_idx" ON "remote_urls" USING GIN ("holders");

-- Whose a server is: the account of its namespace's, or of the namespace itself while it is nobody's.
CREATE FUNCTION owner_of(server int) RETURNS int LANGUAGE sql STABLE AS $$
  SELECT coalesce(n.account_id, -n.id) FROM servers s JOIN namespaces n ON n.id = s.namespace_id WHERE s.id = server
$$;

-- Whether a server's active latest version uses an address.
CREATE FUNCTION uses_remote(server int, address text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM versions WHERE server_id = server AND is_latest AND status = 'active' AND address = ANY(remote_urls))
$$;

-- Packages: what their registries said of whom they belong to.
ALTER TABLE "packages" ADD COLUMN "verdict" TEXT, ADD COLUMN "checked_at" TIMESTAMPTZ(6), ADD COLUMN "evidence" JSONB;
CREATE INDEX "packages_checked_at_idx" ON "packages"("checked_at");
