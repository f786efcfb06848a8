# SPDX-License-Identifier: MIT
#
# The commands in the blocks of a text, fenced or indented, a line each: what
# stands behind "$ ", or in a block without one what begins as a command does.
# One that goes on in the next line (it ends in \ or |) is joined.
function begins_a_command(line) {
	return line ~ /^(\.\/course|make|git|sudo|strace|gdb|sh) / ||
		line ~ /^build\/[a-z]+\/lab[^ ]*( |$)/
}
function flush_block(    i, line, dollar) {
	for (i = 1; i <= n; i++)
		dollar = dollar || block[i] ~ /^\$ /
	for (i = 1; i <= n; i++) {
		line = block[i]
		if (dollar ? line !~ /^\$ / : !begins_a_command(line))
			continue
		sub(/^\$ /, "", line)
		while (line ~ /[\\|]$/ && i < n) {
			sub(/\\$/, "", line)
			i++
			sub(/^ +/, "", block[i])
			line = line (line ~ / $/ ? "" : " ") block[i]
		}
		print line
	}
	n = 0
}
/^ *```/ {
	if (fenced)
		flush_block()
	fenced = !fenced
	skip = /mermaid|ebnf/
	next
}
fenced {
	if (!skip)
		block[++n] = $0
	next
}
/^    / && (n > 0 || before == "") {
	block[++n] = substr($0, 5)
	next
}
/^$/ && n > 0 {
	block[++n] = ""
	before = ""
	next
}
{
	flush_block()
	before = $0
}
END { flush_block() }
