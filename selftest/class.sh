# SPDX-License-Identifier: MIT
# shellcheck shell=sh
#
# What the steps slurm and ssh share: a class of two, its grades by this machine
# alone, and daemons that end with the step. A step may have a function stop_all.
# Includes lib.sh.

# shellcheck source=selftest/lib.sh
. "$(dirname -- "$0")/lib.sh"

class=$tmp/class
test=io/read_full_gathers
daemons=

clean_up() {
	stop_all
	# shellcheck disable=SC2086 # numbers
	[ -z "$daemons" ] || kill $daemons 2>/dev/null || :
	wait
	remove_tmp
}

stop_all() {
	:
}

# need_packages PROGRAM...: those of the set cluster.
need_packages() {
	sh "$top/common/setup.sh" cluster || [ -z "${CI:-}" ] || exit 1
	for program in "$@"; do
		command -v "$program" >/dev/null || {
			echo "$program is missing: ./course setup cluster"
			exit 77
		}
	done
	if ! bwrap --unshare-all --ro-bind / / true 2>/dev/null; then
		echo "bubblewrap cannot make namespaces here"
		exit 77
	fi
	need_grader
}

# daemon LOG COMMAND...: begins it; its number is in $pid.
daemon() {
	log=$1
	shift
	"$@" >>"$log" 2>&1 </dev/null &
	pid=$!
	daemons="$daemons $pid"
}

# A port of 127.0.0.1 that nobody has, below those that the kernel gives away.
free_port() {
	python3 -c 'import random, socket
while True:
    port = random.randrange(20000, 30000)
    with socket.socket() as s:
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break'
}

# batch OUT [OPTIONS]: the class; one test of the smallest lab does.
batch() {
	out=$tmp/$1
	shift
	PYTHONDONTWRITEBYTECODE=1 timeout 600 "$top/course" batch "$class" \
		--lab lab01 --test $test --seed 7 --out "$out" "$@"
}

# batch_here OUT [OPTIONS]: the same in this process, to be sent a signal.
batch_here() {
	out=$tmp/$1
	shift
	PYTHONDONTWRITEBYTECODE=1 exec python3 "$top/grader/batch/batch.py" \
		"$class" --lab lab01 --test $test --seed 7 --out "$out" "$@"
}

# ended: waits for the batch_here $pid, shows what it said; its status.
ended() {
	status=0
	wait "$pid" || status=$?
	cat "$tmp/said"
	return "$status"
}

# What the last command said is one line.
check_one_line() {
	if [ "$(grep -cv '^(status' "$tmp/out")" -eq 1 ]; then
		good "$1"
	else
		bad "$1"
	fi
}

# batch_without PROGRAM OUT [OPTIONS]: where this is not installed.
batch_without() {
	mkdir "$tmp/without"
	ln -s /usr/bin/* "$tmp/without/"
	rm -f "$tmp/without/$1"
	shift
	PATH=$tmp/without batch "$@"
}

# outcomes OUT: in a format, without the times.
outcomes() {
	for name in good starter; do
		cut -d , -f 1-8 "$tmp/$1/formats/$name/csv.csv"
	done
}

same_outcomes() {
	outcomes here >"$tmp/a" && outcomes "$1" >"$tmp/b" &&
		diff "$tmp/a" "$tmp/b"
}

# The scores are those of one machine.
check_same() {
	check '... the grades are those of one machine' \
		cmp "$tmp/here/grades.csv" "$tmp/$1/grades.csv"
	check '... and so are the outcomes in a format' same_outcomes "$1"
}

mkdir "$class"
for name in good starter; do
	mkdir "$class/$name"
	cp "$top/lab01-blocking/starter"/*.c "$class/$name"
done
cp "$top/lab01-blocking/io.c" "$class/good/io.c"
