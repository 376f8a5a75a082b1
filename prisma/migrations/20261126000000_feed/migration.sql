-- When the newest revision was taken, so that the next one's time is later whatever the clock does.
ALTER TABLE "revision" ADD COLUMN "at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP;
