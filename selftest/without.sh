#!/bin/sh
# SPDX-License-Identifier: MIT
#
# An attack loses by the defence that is meant for it: where only that is left
# out, the step attacks says that the attack has won. Each patch in
# grader/checks/without leaves out one, in a copy of the tree:
#
#	Defence: what it leaves out
#	Attack:  the one in grader/attacks that then wins
#	Fails:   the check of selftest/attacks.sh that says so
#
#	without.sh		some, by a seed, which is printed
#	without.sh all		every one
#	without.sh NAME...	these
. "$(dirname -- "$0")/lib.sh"

sample=4
patches=$top/grader/checks/without
copy=$tmp/tree

# value KEY PATCH
value() {
	sed -n "s/^$1: *//p" "$2" | head -n 1
}

make_copy() {
	copy_tree "$copy"
	copy_built "$copy" common grader lab01-blocking
	mkdir -p "$copy/build/official"
	cp -a "$top/build/official"/lab01-* "$copy/build/official/" \
		2>/dev/null || :
}

patched() {
	patch -d "$copy" -p1 -s "$@"
}

# wins NAME: the check that is named fails, and no other comes before it.
wins() {
	patched <"$patches/$1.patch" || return 1
	sh "$copy/selftest/attacks.sh" only \
		"$(value Attack "$patches/$1.patch")" >"$tmp/said" 2>&1 || :
	patched -R <"$patches/$1.patch" || return 1
	cat "$tmp/said"
	grep '^FAIL' "$tmp/said" |
		grep -qF -- "$(value Fails "$patches/$1.patch")"
}

# The sample is small, and what a patch leaves out moves.
applies() {
	patched --dry-run <"$patches/$1.patch"
}

all() {
	(cd "$patches" && ls ./*.patch) | sed 's|^\./||; s|\.patch$||'
}

if ! bwrap --unshare-all --ro-bind / / true 2>/dev/null; then
	echo "bubblewrap cannot make namespaces here"
	exit 77
fi
case ${1:-} in
'')
	seed=${SEED:-$(date +%s)}
	echo "seed $seed; SEED=$seed selftest/without.sh"
	names=$(all | awk -v seed="$seed" 'BEGIN { srand(seed) }
		{ print rand() "\t" $0 }' | sort | head -n $sample | cut -f 2)
	;;
all) names=$(all) ;;
*) names=$* ;;
esac
need_grader
make --no-print-directory -s -C "$top/lab01-blocking" programs tests
make_copy
for name in $(all); do
	check "$name.patch fits the tree" applies "$name"
done
for name in $names; do
	check "without $name $(value Attack "$patches/$name.patch") wins" \
		wins "$name"
done
finish
