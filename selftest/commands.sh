#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Every command in the blocks of the texts is run here, or by another step, or
# selftest/docs/commands.list says why nobody runs it. All three are counted.
#
# What is run here has a folder of its own in which build/ and the labs are, and a
# network of its own where the system allows one (unshare(1)): a text may name a
# port.
. "$(dirname -- "$0")/lib.sh"

list=$top/selftest/docs/commands.list

if [ -z "${COMMANDS_INSIDE:-}" ]; then
	make --no-print-directory -s -C "$top" labs
	export COMMANDS_INSIDE=yes
	for options in -n -rn; do
		! unshare $options true 2>/dev/null ||
			exec unshare $options sh "$0"
	done
fi
[ -z "$(command -v ip)" ] || ip link set lo up 2>/dev/null || :

server=
clean_up() {
	end_server
	remove_tmp
}

work=$tmp/work
mkdir "$work"
for name in build common $(cd "$top" && echo lab[0-9][0-9]-*); do
	ln -s "$top/$name" "$work/$name"
done
export PATH="$top/build/gcc/lab07-master-worker:$PATH"

# What the texts assume to be there: the file that a handout of lab 8 shows.
awk '/\$ cat web.rules/ { on = 1; next } /^    \$/ { on = 0 }
	on && /^    / { print substr($0, 5) }' \
	"$top/lab08-forwarder/README.md" >"$work/web.rules"

# begin COMMAND: a server, in a session of its own, in the folder.
begin() {
	: >"$tmp/server"
	(cd "$work" && exec setsid bash -c "$1") >"$tmp/server" 2>&1 \
		</dev/null &
	server=$!
	await 20 grep -q '^listening' "$tmp/server" ||
		{ cat "$tmp/server" && return 1; }
}

end_server() {
	[ -n "$server" ] || return 0
	kill -TERM "-$server" 2>/dev/null || kill -TERM "$server" 2>/dev/null || :
	wait "$server" 2>/dev/null || :
	server=
}

in_the_folder() {
	(cd "$work" && timeout 60 bash -c "$1" </dev/null)
}

beside() {
	begin "$1" && in_the_folder "$2"
}

fails_beside() {
	begin "$1" && ! in_the_folder "$2"
}

# The command says where it listens, and ends well.
serves() {
	begin "exec $(echo "$1" | sed 's/^.* \(build\/gcc\)/\1/; s/ &$//')" &&
		kill -TERM "$server" && wait "$server" && server=
}

# The block of $1 that follows "$ cat $2".
block_of() {
	awk -v first="    \$ cat $2" '$0 == first { on = 1; next }
		/^    \$/ { on = 0 } on { print substr($0, 5) }' "$1"
}

with_script() {
	block_of "$1" "$2" >"$work/$2" && in_the_folder "$3"
}

# rule TEXT COMMAND: sets kind, argument and line, of the first that matches.
rule() {
	line=0
	while IFS='	' read -r text kind argument pattern; do
		line=$((line + 1))
		# shellcheck disable=SC2254 # they are patterns
		case $1 in
		'#'* | '') ;;
		$text)
			case $2 in
			$pattern) return 0 ;;
			esac
			;;
		esac
	done <"$list"
	return 1
}

is_step() {
	[ -f "$top/selftest/${1%%:*}.sh" ] &&
		case $1 in
		*:*) [ -d "$top/${1#*:}" ] ;;
		esac
}

: >"$tmp/used"
here=0 elsewhere=0 nowhere=0
# one TEXT COMMAND
one() {
	# echo(1) would take a backslash for its own.
	what=$(printf '%s: %s' "$1" "$2" | sed 's/\\/\\\\/g')
	: >"$tmp/out"
	if ! rule "$1" "$2"; then
		bad "$what: nobody runs it, and no reason is told"
		return
	fi
	echo "$line" >>"$tmp/used"
	case $kind in
	step)
		elsewhere=$((elsewhere + 1))
		try "$what (step $argument)" is_step "$argument"
		return
		;;
	hand)
		nowhere=$((nowhere + 1))
		echo "      $what: not run: $argument"
		return
		;;
	esac
	here=$((here + 1))
	case $kind in
	run) try "$what" in_the_folder "$2" ;;
	with) try "$what" beside "$argument" "$2" ;;
	fails) try "$what" fails_beside "$argument" "$2" ;;
	serve) try "$what" serves "$2" ;;
	script) try "$what" with_script "$top/$1" "$argument" "$2" ;;
	*) bad "$list:$line: no kind '$kind'" ;;
	esac
	end_server
}

cd "$top"
find . \( -path ./build -o -path ./work -o -name .git -o -type d \
	-exec test -d '{}/.readylist' \; \) -prune -o -name '*.md' -print |
	sed 's,^\./,,' | sort | while read -r text; do
	awk -f selftest/docs/commands.awk "$text" | sed "s|^|$text	|"
done >"$tmp/commands"
while IFS='	' read -r text command <&7; do
	one "$text" "$command"
done 7<"$tmp/commands"

# A rule that no command needs is of the past.
line=0
while IFS= read -r row; do
	line=$((line + 1))
	: >"$tmp/out"
	case $row in
	'#'* | '') ;;
	*) grep -qx "$line" "$tmp/used" ||
		bad "$list:$line is for no command: $row" ;;
	esac
done <"$list"
echo "$here commands run here, $elsewhere by other steps," \
	"$nowhere not run, with a reason"
finish
