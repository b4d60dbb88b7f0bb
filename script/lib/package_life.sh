#!/bin/sh
# The life of /outaged.deb, inside a clean Debian root. Ends at the first thing that is not as it should be.
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C

step() { echo "  - $*"; }
expect() { "$@" || { echo "not true: $*" >&2 && exit 1; }; }
expect_not() { if "$@"; then echo "should not be true: $*" >&2 && exit 1; fi; }

step "installs with what it depends on"
apt-get update -qq
apt-get install -y -qq --no-install-recommends /outaged.deb >/install.log 2>&1 || { cat /install.log >&2 && exit 1; }
expect outaged --version
expect outagectl --version
expect test -f /usr/share/man/man8/outaged.8.gz -o -f /etc/dpkg/dpkg.cfg.d/docker # minimal roots leave manuals out

step "its configuration and its probes are valid"
expect outaged --config /etc/outaged/outaged.json --check
expect test "$(stat -c %a /etc/outaged/credentials)" = 700

step "the daemon answers"
mkdir -p /var/lib/outaged /probes
cat >/probes/here.json <<'JSON'
{"id": "own.here", "component": "own/web", "title": "This machine", "interval": "1s", "timeout": "1s",
 "steps": [{"tcp": {"target": "127.0.0.1:8460"}}]}
JSON
cat >/here.json <<'JSON'
{"site": "clean root", "probes": {"paths": ["/probes"]}, "store": {"path": "/var/lib/outaged/outaged.db"},
 "serve": {"listen": "127.0.0.1:0", "socket": "/here.sock"}}
JSON
outaged --config /here.json >/daemon.log 2>&1 &
daemon=$!
tries=0
until outagectl --config /here.json status --json 2>/dev/null | grep -q '"running": true'; do
  tries=$((tries + 1))
  [ "$tries" -lt 300 ] || { cat /daemon.log >&2 && exit 1; }
  sleep 0.1
done
kill "$daemon"
expect wait "$daemon"

step "an upgrade keeps what the administrator changed"
sed -i 's/"site"[^,]*,/"site": "changed by hand",/' /etc/outaged/outaged.json
echo "a secret" >/etc/outaged/credentials/slack
expect grep -q "changed by hand" /etc/outaged/outaged.json
expect dpkg -i /outaged.deb >/dev/null
expect grep -q "changed by hand" /etc/outaged/outaged.json

step "removing keeps configuration and data"
expect dpkg -r outaged >/dev/null
expect_not test -e /usr/bin/outaged
expect test -e /etc/outaged/outaged.json
expect test -e /var/lib/outaged/outaged.db
expect test -e /etc/outaged/credentials/slack

step "purging leaves nothing, secrets neither"
expect dpkg -P outaged >/dev/null
expect_not test -e /etc/outaged
expect_not test -e /var/lib/outaged
left=$(find / -xdev -name '*outage*' -not -path '/proc/*' -not -path '/outaged.deb' -not -path '/var/cache/*' | head)
expect test -z "$left"
