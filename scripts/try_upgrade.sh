#!/bin/sh
# Try an upgrade and the way back on a copy: OLD and NEW are the `duban` commands of the two versions, FOLDER a new folder for all that is made.
#   scripts/try_upgrade.sh /opt/duban-old/bin/duban /opt/duban-new/bin/duban /tmp/trial [BACKUP.zip]
# With a back-up of your own house, made by the old program, its data is what is upgraded; without one the shipped example is.
set -eu
OLD=$1 NEW=$2 FOLDER=$3 BACKUP=${4:-}
if [ -e "$FOLDER" ]; then
    echo "$FOLDER exists already" >&2
    exit 1
fi
mkdir -p "$FOLDER"
step() { printf '\n== %s\n' "$*"; }
old() { DUBAN_HOME="$FOLDER/$1" DUBAN_DATABASE_URL= "$OLD" $2; }
new() { DUBAN_HOME="$FOLDER/$1" DUBAN_DATABASE_URL= "$NEW" $2; }

step "1. A house of the old program"
if [ -n "$BACKUP" ]; then
    old house "restore $BACKUP"
else
    "$OLD" demo --keep "$FOLDER/house" >"$FOLDER/demo.txt"
fi
old house "ledger verify"
old house "plan list" >"$FOLDER/plans-old.txt"

step "2. Back it up with the old program"
old house "backup $FOLDER/before.zip"

step "3. The new program refuses the old database until it is upgraded"
if new house "plan list" 2>"$FOLDER/refusal.txt"; then
    echo "the new program did not ask for duban init: is it newer?" >&2
    exit 1
fi
cat "$FOLDER/refusal.txt"

step "4. Upgrade, and work on"
new house init
new house "ledger verify"
new house "plan list" >"$FOLDER/plans-new.txt"
cmp "$FOLDER/plans-old.txt" "$FOLDER/plans-new.txt"
new house "backup $FOLDER/after.zip"

step "5. The old program refuses what the new one has upgraded"
if old house "plan list" 2>"$FOLDER/refusal.txt"; then
    echo "the old program worked on the new database" >&2
    exit 1
fi
cat "$FOLDER/refusal.txt"

step "6. The way back: the old program restores its own back-up into an empty home"
old back "restore $FOLDER/before.zip"
old back "ledger verify"
old back "plan list" >"$FOLDER/plans-back.txt"
cmp "$FOLDER/plans-old.txt" "$FOLDER/plans-back.txt"
step "Done: upgraded and back again; what was entered after step 4 is in after.zip only"
