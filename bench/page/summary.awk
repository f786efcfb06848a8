# SPDX-License-Identifier: MIT
#
# Medians and spread. Input: figures.list, then the raw results with the name of
# the benchmark in front: WHAT NAME FIGURE REPETITION VALUE. Output, with tabs:
#
#	ratio	WHAT FIGURE OURS PEER COUNT MEDIAN Q1 Q3 BETTER
#	value	WHAT FIGURE NAME COUNT MEDIAN Q1 Q3
#
# A ratio is ours to the peer's within a repetition; Q1 and Q3 are the quartiles.
# A share (of a core) is requests a second times CPU time a request.
function sorted(key,    i, j, t) {
	for (i = 2; i <= n[key]; i++)
		for (j = i; j > 1 && v[key, j] < v[key, j - 1]; j--) {
			t = v[key, j]
			v[key, j] = v[key, j - 1]
			v[key, j - 1] = t
		}
}
function spread(key,    quarter) {
	sorted(key)
	quarter = int((n[key] - 1) / 4)
	return n[key] OFS v[key, int((n[key] + 1) / 2)] OFS \
		v[key, 1 + quarter] OFS v[key, n[key] - quarter]
}
function add(key, value) {
	v[key, ++n[key]] = value
}
# Values of FIGURE, of all names of WHAT.
function values(what, figure,    i, key, r) {
	for (i = 1; i <= names[what]; i++) {
		key = what SUBSEP name[what, i] SUBSEP figure
		for (r = 1; r <= reps; r++)
			if ((key, r) in at)
				add(key, at[key, r])
		if (n[key])
			print "value", what, figure, name[what, i], spread(key)
	}
}
# "-2" is of two threads, and compared with its like.
function alike(a, b) {
	return (a ~ /-2$/) == (b ~ /-2$/)
}
function ratios(what, figure, better,    i, j, a, b, r, key) {
	for (i = 1; i <= ours[what]; i++)
		for (j = ours[what] + 1; j <= names[what]; j++) {
			if (!alike(name[what, i], name[what, j]))
				continue
			a = what SUBSEP name[what, i] SUBSEP figure
			b = what SUBSEP name[what, j] SUBSEP figure
			key = a SUBSEP b
			for (r = 1; r <= reps; r++)
				if (at[a, r] > 0 && at[b, r] > 0)
					add(key, at[a, r] / at[b, r])
			if (n[key])
				print "ratio", what, figure, name[what, i],
					name[what, j], spread(key), better
		}
}
function share(what, rate, cpu, figure,    i, a, b, r, unit) {
	unit = what == "framed" ? 1e9 : 1e6 # ns, or us
	for (i = 1; i <= names[what]; i++) {
		a = what SUBSEP name[what, i] SUBSEP rate
		b = what SUBSEP name[what, i] SUBSEP cpu
		for (r = 1; r <= reps; r++)
			if (at[a, r] > 0 && at[b, r] > 0)
				at[what, name[what, i], figure, r] = \
					100 * at[a, r] * at[b, r] / unit
	}
	values(what, figure)
}
BEGIN { OFS = "\t" }
FILENAME ~ /figures\.list$/ {
	if (/^#/ || NF < 5)
		next
	split($0, field, "\t")
	if (field[2] == "names") {
		ours[field[1]] = split(field[3], list, ",")
		for (i = 1; i <= ours[field[1]]; i++)
			name[field[1], ++names[field[1]]] = list[i]
		others = split(field[4] "," field[5], list, ",")
		for (i = 1; i <= others; i++)
			if (list[i] != "-")
				name[field[1], ++names[field[1]]] = list[i]
	} else {
		row[++rows] = $0
	}
	next
}
NF == 5 {
	at[$1, $2, $3, $4] = $5
	reps = $4 > reps ? $4 : reps
	if ($4 == 0) # measured once
		at[$1, $2, $3, 1] = $5
}
END {
	reps = reps > 0 ? reps : 1
	for (k = 1; k <= rows; k++) {
		split(row[k], field, "\t")
		if (field[2] == "share") {
			share(field[1], field[4], field[5], "share-" field[4])
			continue
		}
		values(field[1], field[3])
		if (field[2] == "figure")
			ratios(field[1], field[3], field[4])
	}
}
