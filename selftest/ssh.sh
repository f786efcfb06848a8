#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A batch on other hosts, by GNU parallel over ssh. The hosts are three names of
# this machine: a, whose sshd is well; b, which is lost while it grades; c, which
# nobody answers for. The daemons run here with a configuration, keys, ports and
# a home of their own, and end with the step.
# shellcheck source=selftest/class.sh
. "$(dirname -- "$0")/class.sh"

need_packages sshd parallel rsync ssh-keygen
made_folder=

# sshd of root's wants this one folder, which Debian makes when it is started as
# a service.
stop_all() {
	lose "$a_sshd" 2>/dev/null || :
	lose "$b_sshd" 2>/dev/null || :
	[ -z "$made_folder" ] || rmdir /run/sshd 2>/dev/null || :
}

# host NAME PORT: sshd there; and how ssh gets to it.
begin_host() {
	cat >"$tmp/$1.conf" <<EOF
ListenAddress 127.0.0.1
Port $2
HostKey $tmp/hostkey
AuthorizedKeysFile $tmp/key.pub
StrictModes no
PasswordAuthentication no
UsePAM no
PidFile none
SetEnv HOME=$tmp/home TMPDIR=$tmp/home
EOF
	daemon "$tmp/log" /usr/sbin/sshd -D -e -f "$tmp/$1.conf"
	name_host "$1" "$2"
}

name_host() {
	cat >>"$tmp/ssh" <<EOF
Host $1
	HostName 127.0.0.1
	Port $2
	IdentityFile $tmp/key
	IdentitiesOnly yes
	StrictHostKeyChecking no
	UserKnownHostsFile /dev/null
	LogLevel ERROR
EOF
	echo "1/ssh -F $tmp/ssh $1" >>"$tmp/logins"
}

answers() {
	timeout 10 ssh -F "$tmp/ssh" "$1" true
}

# A port may be taken in the moment before it is ours.
begin_hosts() {
	mkdir "$tmp/home"
	[ -d /run/sshd ] || [ "$(id -u)" -ne 0 ] || {
		mkdir /run/sshd
		made_folder=yes
	}
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/key"
	ssh-keygen -q -t ed25519 -N '' -f "$tmp/hostkey"
	for _ in 1 2 3; do
		rm -f "$tmp/ssh" "$tmp/logins"
		begin_host a "$(free_port)"
		a_sshd=$pid
		begin_host b "$(free_port)"
		b_sshd=$pid
		name_host c "$(free_port)"
		! await 20 answers a || ! await 20 answers b || return 0
		kill "$a_sshd" "$b_sshd" 2>/dev/null || :
	done
	return 1
}

# All that the process $1 has started, and itself.
tree_of() {
	echo "$1"
	for child in $(ps -o pid= --ppid "$1"); do
		tree_of "$child"
	done
}

grades() {
	for process in $(tree_of "$1"); do
		! tr '\0' ' ' <"/proc/$process/cmdline" 2>/dev/null |
			grep -q '^python3 -B .*/node.py' || return 0
	done
	return 1
}

# As if the host were switched off.
lose() {
	[ -n "$1" ] || return 0
	# shellcheck disable=SC2046 # numbers
	kill -KILL $(tree_of "$1")
}

loses_b() {
	batch_here far --hosts "$tmp/logins" >"$tmp/said" 2>&1 &
	pid=$!
	if ! await 400 grades "$b_sshd"; then
		kill "$pid"
		cat "$tmp/said"
		return 1
	fi
	lose "$b_sshd"
	ended
}

folders_left() {
	find /var/tmp -maxdepth 1 -name 'readylist-*' -newer "$tmp/logins"
}

# bad WHAT LINE SAID: a hosts file of this line.
bad_hosts() {
	printf '%b' "$2" >"$tmp/wrong"
	check_status 2 "$1" batch other --hosts "$tmp/wrong"
	check_one_line '... is one line'
	check_says '... that says where' "$3"
}

a_sshd=
b_sshd=
try 'two sshd begin' begin_hosts
[ "$failed" -eq 0 ] || finish

check 'the class on this machine alone' batch here
check 'the class on hosts, one of which is lost' loses_b
cp "$tmp/out" "$tmp/said"
check_says '... whose submission goes out again' \
	'1 came back without results, and go out again'
check '... one that nobody answers for is left out' \
	grep -q 'c is left out: .*refused' "$tmp/said"
check_same far
check '... nothing is left on them' test -z "$(folders_left)"
check '... nor of what was sent' test ! -e "$tmp/far/tasks"
check 'once more' batch far --hosts "$tmp/logins"
check '... nothing is graded again' test "$(grep -c '(kept)' "$tmp/out")" -eq 2
echo "ssh -F $tmp/ssh c" >"$tmp/wrong"
check_status 1 'no host at all' batch other --hosts "$tmp/wrong"
check_says '... grades nobody' 'no host can grade'
bad_hosts 'no host' '# nobody\n\n' 'expected a line a host'
bad_hosts 'no name of a host' 'a\n\nnot a host\n' 'wrong:3: expected'
bad_hosts 'a host twice' 'a\nb\na\n' "'a' is there twice"
bad_hosts 'a host that nobody knows' 'nowhere.test\n' 'nowhere.test: '
check_status 2 'no such file' batch other --hosts "$tmp/none"
check_status 2 'no parallel' \
	batch_without parallel other --hosts "$tmp/logins"
check_one_line '... is one line'
check_says '... is told' 'parallel is missing'
finish
