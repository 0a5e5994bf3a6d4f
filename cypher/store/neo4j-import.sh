#!/bin/sh
# Made by kg. Imports the files beside it into an empty database of a stopped server.
# Further options are passed on: sh import.sh --overwrite-destination
CDPATH="" cd -- "$(dirname -- "$0")" || exit
exec "${NEO4J_ADMIN:-neo4j-admin}" database import full <DATABASE> --id-type=string --array-delimiter=U+001F --multiline-fields=true \
  --read-buffer-size=<BUFFER> \
  <FILES> \
  "$@"
