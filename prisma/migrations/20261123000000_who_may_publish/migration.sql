-- Accounts, namespaces: blocks at run time.
ALTER TABLE "accounts" ADD COLUMN "blocked_reason" TEXT;
ALTER TABLE "namespaces" ADD COLUMN "blocked_at" TIMESTAMPTZ(6), ADD COLUMN "blocked_reason" TEXT;

-- Domain verifications: by method, since one account may hold a key in DNS and one on its web server.
ALTER TABLE "domain_verifications" ALTER COLUMN "challenge" DROP NOT NULL, ADD COLUMN "method" TEXT NOT NULL DEFAULT 'txt';
DROP INDEX "domain_verifications_account_id_domain_key";
CREATE UNIQUE INDEX "domain_verifications_account_id_domain_method_key" ON "domain_verifications"("account_id", "domain", "method");
CREATE INDEX "domain_verifications_status_last_checked_at_idx" ON "domain_verifications"("status", "last_checked_at");

-- Sessions and API tokens: what the login gave.
ALTER TABLE "sessions" ADD COLUMN "subject" TEXT NOT NULL DEFAULT '', ADD COLUMN "grants" JSONB NOT NULL DEFAULT '{}',
  ADD COLUMN "credential" BYTEA;
ALTER TABLE "api_tokens" ADD COLUMN "method" TEXT NOT NULL DEFAULT '', ADD COLUMN "subject" TEXT NOT NULL DEFAULT '',
  ADD COLUMN "grants" JSONB NOT NULL DEFAULT '{}', ADD COLUMN "credential" BYTEA;

CREATE TABLE "trusted_publishers" (
    "name_key" TEXT COLLATE "C" NOT NULL,
    "repository" TEXT NOT NULL,
    "workflow" TEXT NOT NULL,
    "environment" TEXT,
    "account_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trusted_publishers_pkey" PRIMARY KEY ("name_key")
);
CREATE INDEX "trusted_publishers_account_id_idx" ON "trusted_publishers"("account_id");
ALTER TABLE "trusted_publishers" ADD CONSTRAINT "trusted_publishers_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "accounts"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- The end of the audit's chain; its row is locked from an append to the commit, so the chain follows the commits.
CREATE TABLE "audit_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "n" BIGINT NOT NULL DEFAULT 0,
    "hash" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "audit_head_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "audit_head_is_one_row" CHECK ("id" = 1)
);
INSERT INTO "audit_head" DEFAULT VALUES;

-- What a row's hash is taken of: a JSON array of all of it, and of the hash before it.
CREATE FUNCTION audit_content(previous_hash text, id bigint, at timestamptz, actor text, action text, target text, outcome text, details jsonb)
RETURNS text LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_array(previous_hash, id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    actor, action, target, outcome, details)::text
$$;

-- Appends a row to the chain. Ids are 1, 2, 3, … without gaps, so that a row that is taken out is missed.
CREATE FUNCTION audit_append(actor text, action text, target text, outcome text, details jsonb)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  head audit_head;
  moment timestamptz;
  next_hash text;
BEGIN
  SELECT * INTO head FROM audit_head FOR UPDATE;
  moment := clock_timestamp();
  next_hash := encode(sha256(convert_to(audit_content(head.hash, head.n + 1, moment, actor, action, target, outcome, details), 'UTF8')), 'hex');
  INSERT INTO audit (id, at, actor, action, target, outcome, details, previous_hash, hash)
  VALUES (head.n + 1, moment, actor, action, target, outcome, details, head.hash, next_hash);
  UPDATE audit_head SET n = head.n + 1, hash = next_hash;
  RETURN head.n + 1;
END
$$;

CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'The audit is append-only.' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();
