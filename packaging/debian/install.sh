#!/bin/sh
# Installs the Debian packages that are missing; says the command to type where it may not.
set -eu
here=$(dirname "$0")
missing=""
for package in $(grep -v '^#' "$here/packages.txt"); do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null || { echo "Please install:$missing" >&2; exit 1; }
sudo=""
if [ "$(id -u)" -ne 0 ]; then
    sudo="sudo"
    command -v sudo >/dev/null || { echo "As root: apt-get install$missing" >&2; exit 1; }
fi
echo "Installing:$missing"
# No cluster of the system's own: the tests start one.
if echo "$missing" | grep -q postgresql && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    $sudo mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
fi
$sudo apt-get update -qq
# shellcheck disable=SC2086 - the list is meant to be split
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
