# SPDX-License-Identifier: MIT
# Modules into one script: Chromium loads no modules from file://. Each becomes a
# function that is called once and returns what it exports; an import takes from
# there. Modules come in the order of their imports:
#
#	awk -f bundle.awk dom.js engine.js ...

function variable(path) {
	sub(/.*\//, "", path)
	gsub(/[^a-z]/, "_", path)
	return path
}

function finish() {
	if (module)
		print "return { " exports " };\n})();"
}

FNR == 1 {
	finish()
	module = variable(FILENAME)
	exports = ""
	print "const " module " = (() => {"
}

/^import / {
	from = variable(substr($0, index($0, "'./") + 3, \
		length($0) - index($0, "'./") - 4))
	if (!(from in done) || $0 !~ /^import \{.*\} from '\.\/[a-z]+\.js';$/) {
		printf "%s:%d: expected an import, on one line, of a module that " \
			"comes before\n", FILENAME, FNR >"/dev/stderr"
		exit failed = 1
	}
	sub(/^import /, "const ")
	sub(/ from .*/, " = " from ";")
}

/^export / {
	sub(/^export /, "")
	name = $0
	sub(/^(async )?(function|const) /, "", name)
	sub(/[^A-Za-z0-9_].*/, "", name)
	exports = exports (exports ? ", " : "") name
}

{
	done[module]
	print
}

END {
	if (!failed)
		finish()
}
