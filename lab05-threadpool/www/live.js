/* Asks the server for its figures once a second, and draws what it says. */
const history = [];
let before = null;

function show(now) {
	const total = now.answers_by_loop.reduce((sum, n) => sum + n, 0);

	for (const place of document.querySelectorAll("[data-is]"))
		place.textContent = now[place.dataset.is];
	if (before !== null)
		history.push(Math.max(0, total - before - 1));
	before = total;
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
}

look();
setInterval(look, 1000);
