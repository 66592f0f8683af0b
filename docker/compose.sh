#!/bin/sh
# docker compose over the gateway's own file and every apps/*/compose.yml: what a wallet network brings is found by pattern.
cd "$(dirname "$0")" || exit 1
for file in ../apps/*/compose.yml; do
  [ -e "$file" ] && set -- -f "$file" "$@"
done
exec docker compose -f compose.yml "$@"
