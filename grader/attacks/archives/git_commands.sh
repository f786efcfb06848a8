# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A repository's own configuration names commands that git runs.
# Wants: a command to be run by the grader
# Seen by: /var/tmp
# Told: run
cp "$starter"/*.c "$sub"
answer=$(dirname "$sub")/hostile.git
rm -rf "$answer"
git -C "$sub" init -q
git -C "$sub" add .
git -C "$sub" -c user.name=a -c user.email=a@a.test commit -qm all
git clone -q --bare "$sub" "$answer"
printf '#!/bin/sh\ntouch /var/tmp/run_by_git\n' >"$answer/hooks/post-checkout"
cp "$answer/hooks/post-checkout" "$answer/hooks/run"
chmod +x "$answer/hooks"/*
ln "$answer/hooks/run" "$answer/hooks/pre-auto-gc"
for key in uploadpack.packObjectsHook core.fsmonitor core.sshCommand \
	core.alternateRefsCommand core.pager remote.origin.uploadpack \
	filter.all.smudge tar.tar.gz.command; do
	git -C "$answer" config "$key" "$answer/hooks/run"
done
git -C "$answer" config extensions.partialClone origin
git -C "$answer" config remote.origin.promisor true
echo '* filter=all' >"$answer/info/attributes"
