#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Submissions that are alike are found, under other names too; what all were
# given does not count.
. "$(dirname -- "$0")/lib.sh"

lab=lab01-blocking
class=$tmp/class
need_grader
if ! bwrap --unshare-all --ro-bind / / true 2>/dev/null; then
	echo "bubblewrap cannot make namespaces here"
	exit 77
fi

# submission NAME: the starter.
submission() {
	mkdir -p "$class/$1"
	cp "$top/$lab/starter"/*.c "$class/$1"
}

similar() {
	PYTHONDONTWRITEBYTECODE=1 "$top/course" similar "$class" --lab lab01 "$@"
}

# A pair of these students has at least 80 percent.
alike() {
	awk -v a="$1" -v b="$2" 'index($0, " " a " wrote") &&
		index($0, " " b " wrote") && $1 >= 80 { n++ } END { exit n != 1 }' \
		"$tmp/said"
}

# No pair with this student has as much as 30 percent.
unlike() {
	awk -v a="$1" 'index($0, " " a " wrote") && $1 >= 30 { n++ }
		END { exit n != 0 }' "$tmp/said"
}

not_in_it() {
	! grep -F " $1 wrote" "$tmp/said"
}

submission first
cp "$top/lab02-nonblocking/spin.c" "$class/first/serve.c"
submission renamed
sed 's/client/visitor/g; s/fd/handle/g; s|/\*.*\*/||; s/^	//' \
	"$top/lab02-nonblocking/spin.c" >"$class/renamed/serve.c"
submission own
cp "$top/lab04-epoll-lt-et/acceptor.c" "$class/own/listener.c"
submission copied
cp "$top/$lab/io.c" "$top/$lab/serve.c" "$class/copied"
submission untouched
submission as_it_was
echo 'not a zip' >"$class/torn.zip"

check 'a class is compared' similar
cp "$tmp/out" "$tmp/said"
check_says '... without what cannot be read' 'left out: torn.zip'
check 'a copy under other names is found' alike first renamed
check 'a copy of the reference is found' alike copied 'the reference'
check 'other work is not alike' unlike own
check 'who has written nothing is not alike' not_in_it untouched
check '--top 1' similar --top 1
cp "$tmp/out" "$tmp/said"
check '... is one pair' test "$(grep -c ' wrote is in ' "$tmp/said")" = 1
check_status 2 'no such folder' "$top/course" similar "$tmp/none" --lab lab01
check_status 2 'no pairs at all' similar --top 0
finish
