#!/bin/sh
# Verifies a saved notice of the gateway (Standard Webhooks) with openssl: for a look at what a receiver refuses.
#   usage: notice.sh SECRET_FILE HEADERS BODY [RECEIVED]
#   SECRET_FILE holds whsec_ and base64; HEADERS has lines like `webhook-id: msg_…`; BODY is the body, octet by octet;
#   RECEIVED is when it came, in seconds since 1970 (now, unless given).
#
# Mind: an editor, echo or $(cat …) adds or takes a line's end, and the body is another one then.
# Mind: openssl takes a key for HMAC as an argument only, and arguments can be read by everybody on the machine. So HMAC
# is made of SHA-256 here, as RFC 2104 defines it; printf is the shell's own, and its arguments are nobody's to see.
# Mind: this tells nobody who could measure it how long a comparison took. A server has to compare in constant time.
set -eu
SECRET_FILE=$1 HEADERS=$2 BODY=$3
RECEIVED=${4:-$(date +%s)}
MAX_AGE_SECONDS=300

header() { sed -n "s/^$1: *//Ip" "$HEADERS" | tr -d '\r' | head -1; }
fail() { echo "refused: $1" >&2; exit "${2:-1}"; }

# Of two lines, while the secret is exchanged, one is enough: the gateway signs with both then.
KEY=$(sed -n '1s/^whsec_//p' "$SECRET_FILE" | tr -d '\r' | openssl base64 -d -A | od -An -v -tx1 | tr -d '\n')
LENGTH=$(echo "$KEY" | wc -w)
[ "$LENGTH" -ge 16 ] && [ "$LENGTH" -le 64 ] || fail "$SECRET_FILE must hold whsec_ and base64 of 16 to 64 octets" 2
while [ "$LENGTH" -lt 64 ]; do KEY="$KEY 00" LENGTH=$((LENGTH + 1)); done
# The key, filled up with zeros to a block of SHA-256, each octet XOR $1.
block() { for OCTET in $KEY; do printf "\\$(printf %03o $((0x$OCTET ^ $1)))"; done; }
sha256() { openssl dgst -sha256 -binary; }

ID=$(header webhook-id) TIMESTAMP=$(header webhook-timestamp)
inner() { { block 0x36; printf %s "$ID.$TIMESTAMP."; cat "$BODY"; } | sha256; }
EXPECTED=v1,$({ block 0x5c; inner; } | sha256 | openssl base64)
case " $(header webhook-signature) " in *" $EXPECTED "*) ;; *) fail 'no signature is right' ;; esac
case $TIMESTAMP in '' | *[!0-9]*) fail 'the timestamp is none' ;; esac
AGE=$((RECEIVED - TIMESTAMP))
[ "${AGE#-}" -le $MAX_AGE_SECONDS ] || fail 'the timestamp is too far away'
echo "verified $ID"
