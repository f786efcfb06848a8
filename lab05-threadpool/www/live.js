/* Asks the server for its figures each second, and draws what it says. */
const history = [];
let last = null;

/* Answers a second since the last time; one of them was for this page. */
function rate(total, time) {
	const answers = Math.max(0, total - last.total - 1);

	return Math.round(answers * 1000 / (time - last.time));
}

function show(now) {
	const total = now.answers_by_loop.reduce((sum, n) => sum + n, 0);
	const time = performance.now();

	for (const place of document.querySelectorAll("[data-is]"))
		place.textContent = now[place.dataset.is];
	if (last !== null)
		history.push(rate(total, time));
	last = { total, time };
	if (history.length > 120)
		history.shift();
	const top = Math.max(10, ...history);
	document.getElementById("line").setAttribute("points", history
		.map((n, i) => `${i + 120 - history.length},${31 - 30 * n / top}`)
		.join(" "));
	document.getElementById("rate").textContent = history.at(-1) ?? 0;
	document.getElementById("live").hidden = false;
}

async function look() {
	try {
		show(await (await fetch("/status.json")).json());
	} catch {
		document.getElementById("live").hidden = true;
	}
	setTimeout(look, 1000);
}

look();
