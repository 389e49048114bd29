#!/bin/sh
# Balances of a day with curl: asks, follows a 202, keeps the rows as NDJSON and as CSV.
#   MKS_GATEWAY_URL, MKS_GATEWAY_KEY   where the gateway is, and the key if it wants one
#   usage: balances.sh YYYYMMDD MEMBER FOLDER
#
# Mind: curl -f hides what the gateway says of a failure; --fail-with-body shows it.
# Mind: awk, bc -l and jq before 1.8 read amounts as floating-point numbers and lose digits: keep them as text.
set -eu
URL=${MKS_GATEWAY_URL:-http://127.0.0.1:3000}
WAIT=${WAIT:-8}   # shorter than --max-time, so that the answer is the gateway's and not a time-out
DATE=$1 MEMBER=$2 FOLDER=$3
HEADERS=$(mktemp) BODY=$(mktemp)
trap 'rm -f "$HEADERS" "$BODY"' EXIT

ask() {
  # The key goes in by a file descriptor: arguments can be read by everybody on the machine.
  printf 'header = "Authorization: Bearer %s"\n' "${MKS_GATEWAY_KEY:-none}" |
    curl -sS --max-time 10 -D "$HEADERS" -o "$BODY" -w '%{http_code}' -K - "$@"
}
header() { sed -n "s/^$1: *//Ip" "$HEADERS" | tr -d '\r' | tail -1; }
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$BODY"; }
fail() {
  TYPE=$(sed -n 's/^{"type":"\([^"]*\)".*/\1/p' "$BODY")
  case $TYPE in
    /problems/outside-service-hours) echo "MKS opens at $(field opensAt)" >&2; exit 3 ;;
    *) echo "problem $TYPE: $(field detail)" >&2; exit 1 ;;
  esac
}

STATUS=$(ask "$URL/balances" -H 'Content-Type: application/json' -H 'Accept: application/x-ndjson' \
  -H "Prefer: wait=$WAIT" -d "{\"processDate\":\"$DATE\",\"member\":\"$MEMBER\"}")
case $STATUS in 200 | 202) REPORT=$(header location) ;; *) fail ;; esac

while [ "$STATUS" = 202 ]; do
  [ "$(ask "$URL$REPORT" -H "Prefer: wait=$WAIT")" = 200 ] || fail
  # The state is the report's own; the problem of one that failed follows it.
  case $(sed -n 's/.*"state":"\([a-z]*\)","createdAt.*/\1/p' "$BODY") in
    ready) STATUS=200 ;;
    queued | preparing) ;;
    *) sed -n 's/.*"problem":\({.*\)/\1/p' "$BODY" > "$BODY.problem" && mv "$BODY.problem" "$BODY"; fail ;;
  esac
done

for FORMAT in ndjson csv; do
  [ "$(ask "$URL$REPORT/rows?format=$FORMAT" --max-time 600)" = 200 ] || fail
  mv "$BODY" "$FOLDER/balances.$FORMAT"
done
echo "report ${REPORT#/balances/}"
# Not by counting lines: a cell of CSV may hold a line break.
echo "rows $(header row-count)"
