#!/bin/sh
# Runs redis-server: the one on PATH, else the one that scripts/setup.mjs has unpacked in .redis.
# Exit code 69 says that there is none.
if ! command -v redis-server >/dev/null; then
  own=$(CDPATH= cd -- "${0%/*}/../.." && pwd)/.redis
  for libraries in "$own"/usr/lib/*-linux-gnu "$own"/lib/*-linux-gnu; do
    LD_LIBRARY_PATH="$LD_LIBRARY_PATH${LD_LIBRARY_PATH:+:}$libraries"
  done
  PATH="$PATH:$own/usr/bin"
  export PATH LD_LIBRARY_PATH
  command -v redis-server >/dev/null || exit 69
fi
exec redis-server "$@"
