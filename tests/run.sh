#!/usr/bin/env bash
# Builds everything and runs all tests; the last line counts them. Servers that tests start (Redis, PostgreSQL) are installed
# where that is possible, and so are Node and the packages of TON's virtual machine; where they are absent their tests are skipped, each with its
# reason.
#   --soak   long faults take their full length: half an hour more
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NO_COLOR=1
case "${1:-}" in
    "") ;;
    --soak) export DMM_SOAK=1 ;;
    *) echo "usage: tests/run.sh [--soak]" >&2; exit 2 ;;
esac

has_servers() { command -v redis-server >/dev/null && ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1; }
if ! has_servers && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== redis-server and postgresql are installed for the tests"
    # Debian would start both, and lay out a cluster: the tests start their own.
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    (apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends redis-server postgresql) >/tmp/dmm-apt.log 2>&1 ||
        tail -5 /tmp/dmm-apt.log
    rm -f /usr/sbin/policy-rc.d
fi

if ! { command -v node && command -v npm; } >/dev/null && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "== nodejs and npm are installed for the tests"
    (apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends nodejs npm) >/tmp/dmm-apt.log 2>&1 ||
        tail -5 /tmp/dmm-apt.log
fi
tvm=tests/Dmm.Ton.Tests/Tvm
if command -v npm >/dev/null && ! [ "$tvm/node_modules/.package-lock.json" -nt "$tvm/package-lock.json" ]; then
    echo "== the packages of TON's virtual machine are installed for the tests"
    npm ci --prefix "$tvm" --no-progress || echo "npm ci failed: tests on the virtual machine cannot run"
fi

dotnet build Dmm.Reactive.sln --configuration Release

passed=0 failed=0 skipped=0 broken=0
logs=$(mktemp -d)
run() { "$1/bin/Release/net10.0/$(basename "$1")" -noColor >"$logs/$(basename "$1")" 2>&1 || true; }
count() { sed -E "s/.*$2: ([0-9]+).*/\1/" <<<"$1"; }
report() {
    local name=$1 log=$logs/$1 summary total bad skip
    echo "== $name"
    grep -E '\[(FAIL|SKIP)\]' -A 25 "$log" || true
    summary=$(grep -E "Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+" "$log" | tail -1)
    if [ -z "$summary" ]; then
        echo "$name did not finish:"
        tail -40 "$log"
        broken=$((broken + 1))
        return
    fi
    total=$(count "$summary" Total)
    bad=$(($(count "$summary" Errors) + $(count "$summary" Failed)))
    skip=$(count "$summary" Skipped)
    passed=$((passed + total - $(count "$summary" Failed) - skip))
    failed=$((failed + bad))
    skipped=$((skipped + skip))
    echo "$summary"
}

# One after the other: nodes, brokers and venues of one project are work enough for two cores, and what only computes beside them, even at the lowest
# priority, makes tests on real time fail.
for project in tests/*.Tests; do
    run "$project"
    report "$(basename "$project")"
done

echo "$passed passed, $((failed + broken)) failed, $skipped skipped"
[ $((failed + broken)) -eq 0 ] && [ "$passed" -gt 0 ]
