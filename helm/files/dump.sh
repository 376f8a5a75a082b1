# Dumps the database into FOLDER, whole or not at all, and keeps the newest KEEP dumps.
umask 077
to="$FOLDER/registry-$(date -u +%Y%m%dT%H%M%SZ).dump"
pg_dump --format=custom --no-owner --no-privileges --file="$to.part" "$MCP_REGISTRY_DATABASE_URL"
# Reads it all once: a dump that can't be listed can't be restored.
pg_restore --list "$to.part" >/dev/null
mv "$to.part" "$to"
rm -f "$FOLDER"/registry-*.dump.part
ls -1r "$FOLDER"/registry-*.dump | tail -n +"$((KEEP + 1))" | while read -r old; do rm -f "$old"; done
echo "dumped $(wc -c <"$to") bytes to $to"
