#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Puts the page together, as one file on standard output:
#
#	page.sh PARTS-FOLDER PAGE-FOLDER
#
# PARTS has SCRIPT, WASM (base64) and STORIES; PAGE has index.html and the style
# sheets. What may run is said by its hash: nothing that a script of the reader's
# holds can ever run, and no request can leave.
set -eu

parts=$1
page=$2

hash_of() {
	printf "'sha256-%s'" "$(openssl dgst -sha256 -binary "$1" | base64)"
}

cp "$page/page.css" "$parts/PAGE_CSS"
cp "$page/picture.css" "$parts/PICTURE_CSS"
cat >"$parts/POLICY" <<POLICY
default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; script-src $(hash_of "$parts/SCRIPT") 'wasm-unsafe-eval'; style-src $(hash_of "$parts/PAGE_CSS") $(hash_of "$parts/PICTURE_CSS")
POLICY

# Each @NAME@ of the page is replaced by the part of that name, byte for byte;
# the policy, an attribute, without its line's end.
awk -v parts="$parts" '
function insert(name,   line) {
	while ((getline line <(parts "/" name)) > 0)
		printf "%s%s", line, name == "POLICY" ? "" : "\n"
	close(parts "/" name)
}
{
	while (match($0, /@[A-Z_]+@/)) {
		printf "%s", substr($0, 1, RSTART - 1)
		insert(substr($0, RSTART + 1, RLENGTH - 2))
		$0 = substr($0, RSTART + RLENGTH)
	}
	print
}' "$page/index.html"
