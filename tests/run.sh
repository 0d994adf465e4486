#!/usr/bin/env bash
# Builds everything and runs all tests; the last line counts them. What the tests need is set up here; today that is the SDK's restore alone.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 NO_COLOR=1

dotnet build Dmm.Reactive.sln --configuration Release

passed=0 failed=0 skipped=0 broken=0
for project in tests/*.Tests; do
    name=$(basename "$project")
    log=$(mktemp)
    echo "== $name"
    "$project/bin/Release/net10.0/$name" -noColor >"$log" 2>&1 || true
    grep -E '\[(FAIL|SKIP)\]' -A 25 "$log" || true
    summary=$(grep -E "Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+" "$log" | tail -1)
    if [ -z "$summary" ]; then
        echo "$name did not finish:"
        tail -40 "$log"
        broken=$((broken + 1))
        continue
    fi
    count() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$summary"; }
    total=$(count Total)
    bad=$(($(count Errors) + $(count Failed)))
    skip=$(count Skipped)
    passed=$((passed + total - $(count Failed) - skip))
    failed=$((failed + bad))
    skipped=$((skipped + skip))
    echo "$summary"
done

echo "$passed passed, $((failed + broken)) failed, $skipped skipped"
[ $((failed + broken)) -eq 0 ] && [ "$passed" -gt 0 ]
