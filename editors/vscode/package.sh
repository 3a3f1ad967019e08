#!/usr/bin/env bash
# Packs the extension: editors/vscode/package.sh FOLDER [OPTIONS OF vsce package]
#
# FOLDER is one outside the repository, for a copy of the sources and the tools. There package.json's exact
# versions are installed (from npm's package index, unless they are there already), the sources are checked and
# bundled, and the last line printed is the .vsix's path. For the Marketplace, where the pictures of a page are
# addresses, give --baseContentUrl and --baseImagesUrl.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
mkdir -p "$1"
folder=$(cd "$1" && pwd)
shift
[ $# -gt 0 ] || set -- --no-rewrite-relative-links

rm -rf "$folder/src" "$folder/test" "$folder/images" "$folder/out" "$folder"/*.vsix
for name in package.json tsconfig.json .vscodeignore README.md CHANGELOG.md LICENSE src test images; do
    cp -R "$here/$name" "$folder/"
done
cd "$folder"
if ! cmp -s package.json node_modules/installed.json; then
    npm install --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error
    cp package.json node_modules/installed.json
fi
npm run --silent package -- "$@" >package.log 2>&1 || { cat package.log >&2; exit 1; }
echo "$folder"/*.vsix
