# SPDX-License-Identifier: MIT
#
# The part of the page for the benchmark `what`: a plot of the ratios, their
# table, and the figures. Input: figures.list, then what summary.awk printed.
function number(x) {
	if (x >= 1e9)
		return sprintf("%.2f G", x / 1e9)
	if (x >= 1e6)
		return sprintf("%.2f M", x / 1e6)
	if (x >= 100)
		return sprintf("%.0f", x)
	return sprintf("%.3g", x)
}
# Right of the middle is better for ours, a step of 100 for each factor of two.
function place(ratio, better,    x) {
	x = log(ratio) / log(2)
	if (better == "less")
		x = -x
	return 500 + 100 * (x > 2.4 ? 2.4 : x < -2.4 ? -2.4 : x)
}
function bar(i,    y, from, to, colour) {
	y = 30 + 22 * i
	from = place(q1[i], better[i])
	to = place(q3[i], better[i])
	x = place(median[i], better[i])
	colour = x >= 500 ? "#2a7f4f" : "#b3541e"
	printf "<text x=\"250\" y=\"%d\" text-anchor=\"end\">%s</text>\n", y + 4,
		caption[i]
	printf "<rect x=\"%.0f\" y=\"%d\" width=\"%.0f\" height=\"12\" " \
		"fill=\"%s\"/>\n", x < 500 ? x : 500, y - 6,
		x < 500 ? 500 - x : x - 500, colour
	printf "<path d=\"M%.0f %d H%.0f\" stroke=\"currentColor\"/>\n",
		from < to ? from : to, y, from < to ? to : from
	printf "<text x=\"765\" y=\"%d\">%.2f</text>\n", y + 4, median[i]
}
function plot(    i, x, k) {
	printf "<figure><svg viewBox=\"-80 0 900 %d\" role=\"img\" " \
		"aria-label=\"Ratios of %s to its peers\">\n", 50 + 22 * count, what
	for (k = -2; k <= 2; k++) {
		x = 500 + 100 * k
		printf "<path d=\"M%d 28 V%d\" stroke=\"#8888\"/>" \
			"<text x=\"%d\" y=\"18\" text-anchor=\"middle\">%s</text>\n",
			x, 40 + 22 * count, x, k < 0 ? "1/" 2 ^ -k : 2 ^ k
	}
	for (i = 1; i <= count; i++)
		bar(i)
	print "</svg><figcaption>Right of 1 ours is better; the line in a bar " \
		"is half of the repetitions.</figcaption></figure>"
}
BEGIN { FS = "\t" }
FILENAME ~ /figures\.list$/ {
	if ($1 == what && $2 == "names")
		title = $6
	else if ($1 == what && $2 == "share")
		label["share-" $4] = $6 ", percent"
	else if ($1 == what)
		label[$3] = $6 ", " $5
	next
}
$1 == "ratio" && $2 == what {
	i = ++count
	caption[i] = label[$3]
	sub(/, [^,]*$/, "", caption[i])
	pair[i] = $4 " / " $5
	caption[i] = pair[i] ": " caption[i]
	figure[i] = label[$3]
	median[i] = $7
	q1[i] = $8
	q3[i] = $9
	repetitions[i] = $6
	better[i] = $10
}
$1 == "value" && $2 == what {
	lines = lines sprintf("<tr><td>%s</td><td>%s</td><td>%s</td>" \
		"<td>%s to %s</td><td>%d</td></tr>\n", label[$3], $4,
		number($6), number($7), number($8), $5)
}
END {
	printf "<section id=\"%s\">\n<h2>%s</h2>\n", what, title
	if (count) {
		plot()
		print "<h3>Ratios</h3>\n<div class=\"table\"><table>"
		print "<tr><th>ours / peer</th><th>figure</th><th>median</th>" \
			"<th>half of them</th><th>better is</th><th>of</th></tr>"
		for (i = 1; i <= count; i++)
			printf "<tr><td>%s</td><td>%s</td><td><b>%.2f</b></td>" \
				"<td>%.2f to %.2f</td><td>%s</td><td>%d</td></tr>\n",
				pair[i], figure[i], median[i], q1[i], q3[i],
				better[i], repetitions[i]
		print "</table></div>"
	}
	print "<h3>Figures</h3>\n<div class=\"table\"><table>\n<tr><th>figure" \
		"</th><th>of</th><th>median</th><th>half of them</th>" \
		"<th>of</th></tr>"
	printf "%s</table></div>\n", lines
}
