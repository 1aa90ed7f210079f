#!/usr/bin/env bash
# tools/test.sh [pytest's arguments]: install the servers that the tests talk to, lint, run the tests.
# A test that is skipped although its server could be installed fails the run.
set -euo pipefail
cd "$(dirname "$0")/.."
unset PYTHONPATH PYTHONHOME

policy=/usr/sbin/policy-rc.d
policy_is_ours=

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_install() {
    command -v apt-get >/dev/null && as_root true 2>/dev/null
}

missing_packages() {
    compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || echo postgresql
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || echo chromium
    command -v openssl >/dev/null || echo openssl
    [ -e /usr/lib/rabbitmq/bin/rabbitmq-server ] || echo rabbitmq-server
    command -v memcached >/dev/null || echo memcached
    command -v mariadbd >/dev/null || echo mariadb-server
    command -v redis-server >/dev/null || echo redis-server
    command -v javac >/dev/null || echo default-jdk-headless
    command -v mvn >/dev/null || echo maven
    if ! [ -e /usr/sbin/krb5kdc ] || ! [ -e /usr/sbin/kadmin.local ] || ! { command -v kinit && command -v krb5-config; } >/dev/null; then
        printf '%s\n' krb5-kdc krb5-admin-server krb5-user libkrb5-dev gcc python3-dev
    fi
}

# Python's Kerberos comes as source only.
install_gssapi() {
    if command -v krb5-config >/dev/null && ! .venv/bin/python -c 'import gssapi' 2>/dev/null; then
        .venv/bin/python -m pip install --disable-pip-version-check --quiet gssapi
    fi
}

remove_policy() {
    if [ -n "$policy_is_ours" ]; then as_root rm -f "$policy"; fi
}

install_packages() {
    echo "Installing with apt-get, for the tests: $*"
    # Debian starts a server when it is installed unless this file says no; the tests start their own.
    if [ ! -e "$policy" ]; then
        policy_is_ours=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@" >/dev/null
}

trap remove_policy EXIT
trap 'exit 130' INT TERM

mapfile -t missing < <(missing_packages)
required=(-p no_skips)
if [ ${#missing[@]} -gt 0 ]; then
    if can_install; then
        install_packages "${missing[@]}"
    else
        echo "Not installed, and neither root nor sudo to install it: ${missing[*]}. Tests that need it are skipped."
        required=()
    fi
fi

tools/lint.sh
install_gssapi
echo "pytest"
# In two processes: much of the time is waiting for servers.
PYTHONPATH=tools .venv/bin/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder "${required[@]}" "$@"
