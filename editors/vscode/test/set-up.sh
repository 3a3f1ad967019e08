#!/usr/bin/env bash
# Makes what the end-to-end tests of this extension drive: code-server, which is VS Code in a browser.
# Usage: editors/vscode/test/set-up.sh FOLDER, a folder outside the repository.
#
# Needs node 20 with npm, a C++ compiler, make and Python (code-server's native modules are compiled here), and
# a package index for npm. On Debian and Ubuntu the rest comes from:
#   apt-get install -y --no-install-recommends chromium libkrb5-dev libsecret-1-dev libx11-dev libxkbfile-dev \
#       pkg-config ripgrep
# Takes some minutes and 1 GB; what is there already isn't made again.
set -euo pipefail
[ $# = 1 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)

version=4.100.3 # the last one for node 20; VS Code 1.100.3
for program in node npm make g++ rg pkg-config; do
    command -v "$program" >/dev/null || { echo "$program is needed" >&2; exit 2; }
done
case $(node --version) in
v20.*) ;;
*) echo "code-server $version needs node 20; here is $(node --version)" >&2; exit 2 ;;
esac

# Node's headers, where its own folder has them; else node-gyp looks for them itself.
prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
headers=()
[ -f "$prefix/include/node/node.h" ] && headers=(--nodedir="$prefix")
node_gyp=$(npm root -g)/npm/node_modules/node-gyp/bin/node-gyp.js

quietly() {
    "$@" >"$folder/log" 2>&1 || { tail -n 40 "$folder/log" >&2; echo "failed: $*" >&2; exit 1; }
}

packages() { # packages FOLDER [OPTIONS]: what its package.json names, without running the packages' scripts
    (cd "$1" && shift && quietly npm install --ignore-scripts --no-audit --no-fund --no-package-lock "$@")
}

compile() {
    echo "compiling $(basename "$1")"
    (cd "$1" && quietly node "$node_gyp" rebuild ${headers[@]+"${headers[@]}"})
}

server=$folder/code-server
code=$server/node_modules/code-server/lib/vscode
if [ ! -f "$server/made-$version" ]; then
    rm -rf "$server"
    mkdir -p "$server"
    echo '{"private": true}' >"$server/package.json"
    echo "installing code-server $version"
    # Not its own installation: that asks for ripgrep's binary at a host that not every machine can reach.
    packages "$server" "code-server@$version"
    (
        cd "$server/node_modules/argon2"
        quietly ../.bin/node-pre-gyp rebuild --build-from-source ${headers[@]+"${headers[@]}"}
    )
    packages "$code" --omit=dev
    packages "$code/extensions" --omit=dev
    for module in @parcel/watcher @vscode/deviceid @vscode/spdlog kerberos native-watchdog node-pty; do
        compile "$code/node_modules/$module"
    done
    ln -sfn node_modules "$code/node_modules.asar"
    mkdir -p "$code/node_modules/@vscode/ripgrep/bin"
    ln -sf "$(command -v rg)" "$code/node_modules/@vscode/ripgrep/bin/rg"
    touch "$server/made-$version"
fi

echo "code-server $("$server/node_modules/.bin/code-server" --version)"
