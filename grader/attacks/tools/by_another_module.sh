# SPDX-License-Identifier: MIT
# shellcheck shell=sh disable=SC2154,SC2034
#
# Idea: What a module includes is not looked at as the module itself is.
# Wants: assembler in the program
# Seen by: the program's words
# Told: build
# Won: gcc -w -I"$top/lab01-blocking" -I"$top/common" -c -o o "$sub/io.c"
cp "$starter"/*.c "$sub"
{
	echo '#ifndef _IN_IO_SOURCE'
	cat "$starter/listener.c"
	cat <<-'C'
	#else
	static int forty_two(void)
	{
		int n = 0;

		__asm__("movl $42, %0" : "=r"(n));
		return n;
	}
	#endif
	C
} >"$sub/listener.c"
{
	echo '#define _IN_IO_SOURCE'
	echo '#include "listener.c"'
	cat "$starter/io.c"
} >"$sub/io.c"
