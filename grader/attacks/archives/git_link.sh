# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A blob may be a link, and a commit a submodule.
# Wants: the reference as the answer
# Seen by: points
# Told: refused
# Won: git clone -q "$answer" copy && is_the_reference copy/io.c
cp "$starter"/*.c "$sub"
answer=$(dirname "$sub")/hostile.git
rm -rf "$answer"
ln -sf "$top/lab01-blocking/io.c" "$sub/io.c"
printf '[submodule "serve.c"]\n\tpath = serve.c\n\turl = ext::touch%% /var/tmp/run_by_git\n' >"$sub/.gitmodules"
git -C "$sub" init -q
git -C "$sub" add .
git -C "$sub" rm -q --cached serve.c
git -C "$sub" update-index --add --cacheinfo \
	160000,0123456789012345678901234567890123456789,serve.c
git -C "$sub" -c user.name=a -c user.email=a@a.test commit -qm all
git clone -q --bare "$sub" "$answer"
