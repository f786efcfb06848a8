#!/bin/sh
# SPDX-License-Identifier: MIT
#
# A batch as a job array, on a cluster of this machine alone: munged, slurmctld
# and slurmd run here with a configuration, a key, ports and folders of their
# own, and end with the step.
# shellcheck source=selftest/class.sh
. "$(dirname -- "$0")/class.sh"

export SLURM_CONF="$tmp/slurm.conf"
need_packages munged slurmctld slurmd sbatch

configure() {
	host=$(uname -n)
	cat >"$SLURM_CONF" <<EOF
ClusterName=course
SlurmctldHost=${host%%.*}(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$tmp/munge/socket
CredType=cred/munge
StateSaveLocation=$tmp/state
SlurmdSpoolDir=$tmp/spool
SlurmctldPidFile=$tmp/slurmctld.pid
SlurmdPidFile=$tmp/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_res
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
KillWait=5
MailProg=/bin/true
NodeName=${host%%.*} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=class Nodes=${host%%.*} Default=YES MaxTime=INFINITE State=UP
EOF
}

begin_munge() {
	mkdir -m 755 "$tmp/munge" "$tmp/state" "$tmp/spool"
	mkdir -m 700 "$tmp/key"
	head -c 1024 /dev/urandom >"$tmp/key/key"
	chmod 400 "$tmp/key/key"
	daemon "$tmp/log" munged --foreground --force \
		--socket="$tmp/munge/socket" --key-file="$tmp/key/key" \
		--pid-file="$tmp/munge/pid" --log-file="$tmp/munge/log" \
		--seed-file="$tmp/key/seed" --num-threads=2
	await 30 test -S "$tmp/munge/socket"
}

idle() {
	[ "$(timeout 10 sinfo --noheader --format=%T 2>/dev/null)" = idle ]
}

# A port may be taken in the moment before it is ours.
begin_slurm() {
	for _ in 1 2 3; do
		configure
		daemon "$tmp/log" slurmctld -D -f "$SLURM_CONF"
		ctld=$pid
		daemon "$tmp/log" slurmd -D -f "$SLURM_CONF"
		! await 60 idle || return 0
		kill "$ctld" "$pid" 2>/dev/null || :
	done
	tail -n 20 "$tmp/log"
	return 1
}

# What it ran goes before it does.
stop_all() {
	[ -S "$tmp/munge/socket" ] || return 0
	timeout 10 scancel --user="$(id -un)" 2>/dev/null || :
	await 20 nothing_queued || :
}

queued() {
	timeout 10 squeue --noheader --array --format='%F_%K %T'
}

nothing_queued() {
	[ -z "$(queued)" ]
}

held() {
	queued >"$tmp/queue" && grep -q ' PENDING$' "$tmp/queue"
}

begin_held() {
	batch_here "$1" --slurm --hold >"$tmp/said" 2>&1 &
	pid=$!
	await 60 held
}

# One task of two is lost before it has results. Each array waits until it is let
# go, so that this comes in time.
loses_one() {
	begin_held slurm || return 1
	scancel "$(sed -n 's/_1 PENDING$/_1/p' "$tmp/queue")"
	while kill -0 "$pid" 2>/dev/null; do
		queued | sed -n 's/_.*//p' | sort -u |
			xargs -r scontrol release 2>/dev/null || :
		sleep 0.5
	done
	ended
}

interrupted() {
	begin_held again || return 1
	kill -TERM "$pid"
	ended || :
	[ "$status" -eq 130 ] && [ ! -e "$tmp/again/grades.csv" ]
}

# As if the first had come back before the batch was ended.
keep_one() {
	cp "$tmp/slurm/results/good".* "$tmp/again/results/"
	mkdir -p "$tmp/again/formats"
	cp -R "$tmp/slurm/formats/good" "$tmp/again/formats/"
}

try 'munge begins' begin_munge
try 'slurmctld and slurmd begin' begin_slurm
[ "$failed" -eq 0 ] || finish

check 'the class on this machine alone' batch here
check 'the class as a job array, of which a task is lost' loses_one
check_says '... one job' ', tasks: 2'
check_says '... the task goes out again' \
	'1 came back without results, and go out again'
check_same slurm
check '... nothing is left in the queue' await 20 nothing_queued
check '... nor of what was sent' test ! -e "$tmp/slurm/tasks"
check 'a batch that is ended' interrupted
check '... takes its jobs away' await 20 nothing_queued
keep_one
check 'the next one goes on' batch again --slurm
check_says '... keeps what is done' 'good: 4 of 100 (kept)'
check_says '... grades the other' ', tasks: 1'
check_same again
rm -r "$tmp/again/results"
check_status 2 'a partition that is not there' \
	batch again --slurm --partition=none
check_says '... is told by Slurm' 'nvalid partition'
check_status 2 'no sbatch' batch_without sbatch other --slurm
check_one_line '... is one line'
check_says '... that says so' 'sbatch is missing'
check_status 2 'Slurm and hosts at once' batch other --slurm --hosts "$tmp/log"
finish
