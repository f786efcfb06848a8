# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: A file is another one when it is read than when it was looked at.
# Wants: the reference as the answer
# Seen by: points
# Told: raced
# Won: cp -L "$sub/io.c" copy.c && is_the_reference copy.c
cp "$starter"/*.c "$sub"
cp "$starter/io.c" "$sub.mine"
# Ends with the folder, or after a while.
(
	for i in $(seq 20000); do
		ln -sf "$top/lab01-blocking/io.c" "$sub/io.c.new" &&
			mv "$sub/io.c.new" "$sub/io.c" &&
			cp "$sub.mine" "$sub/io.c.new" &&
			mv "$sub/io.c.new" "$sub/io.c" || exit 0
	done
) 2>/dev/null &
racer=$!
