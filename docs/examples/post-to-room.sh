#!/bin/sh
# Sends a message to a room, with up to five attempts. Idempotent: running it again with the same key sends no second message.
#   CLOUDHOP_URL=https://chat.example.org CLOUDHOP_TOKEN=chp_… post-to-room.sh ROOM KEY TEXT
set -eu
room=$1 key=$2
body=$(printf '%s' "$3" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g')
for wait in 1 2 4 8 16; do
  status=$(curl -s -o /dev/null -w '%{http_code}' "$CLOUDHOP_URL/api/rooms/$room/messages" \
    -H "authorization: Bearer $CLOUDHOP_TOKEN" -H 'content-type: application/json' \
    -H "Idempotency-Key: $key" -d "{\"body\":\"$body\"}") || status=000
  case $status in
    200 | 201) echo "$status" && exit 0 ;;
    000 | 429 | 5*) sleep "$wait" ;;
    *) echo "refused: $status" >&2 && exit 1 ;;
  esac
done
echo "gave up after five attempts" >&2
exit 1
