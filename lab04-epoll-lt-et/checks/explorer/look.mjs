// Functions that are sent into the page: they see nothing of this file but
// themselves.

// What the picture shows, as the states of epoll-scope --json have it. Put into
// the page once, as a global.
export function install() {
	const all = (selector) => [...document.querySelectorAll(
		`#canvas svg ${selector}`)];
	const inList = (epoll, list) => all(
		`[data-list="${list}"][data-kind="chip"]`)
		.filter((chip) => chip.dataset.epoll === epoll);
	const readItem = (node) => ({ name: node.dataset.text,
		mask: node.dataset.mask, ready: JSON.parse(node.dataset.ready),
		red: node.dataset.red === 'true', left: Number(node.dataset.left),
		right: Number(node.dataset.right) });
	const readEpoll = (panel) => {
		const name = panel.dataset.text;
		const list = (which) => inList(name, which).map(
			(chip) => Number(chip.dataset.index));

		return { name, items: all('[data-kind="node"]').filter(
			(node) => node.dataset.epoll === name).map(readItem),
		ready: list('ready'), batch: list('batch'), overflow: list('overflow'),
		waiters: inList(name, 'waiters').map((chip) => chip.dataset.text) };
	};
	const readFile = (file) => ({ names: file.dataset.text,
		bytes: Number(file.dataset.bytes) });

	globalThis.look = {
		picture: () => ({ epolls: all('[data-kind="panel"]').map(readEpoll),
			files: all('[data-kind="file"]').map(readFile),
			queues: all('[data-kind="entry"]').map((entry) => ({
				epoll: entry.dataset.epoll, item: entry.dataset.text })) }),
		text: (id) => document.getElementById(id).textContent,
		moves: () => [...document.querySelectorAll('#told .moves li')].map(
			(li) => li.textContent),
		click: (id) => document.getElementById(id).click(),
		frame: () => {
			const { state } = globalThis.explorer;
			const frame = state.frames[state.at];

			return frame ? { index: frame.index, phase: frame.phase } : null;
		},
	};
}

// Goes to a fragment, and waits until the script is there.
export async function visit(page, url, fragment, ready) {
	await page.goto('about:blank');
	await page.goto(url + fragment);
	await page.until(() => globalThis.explorer &&
		(globalThis.explorer.state.frames.length > 0 ||
		document.getElementById('notice').textContent !== ''));
	if (ready)
		await page.until(ready);
	await page.run(install);
}

// Steps through the whole script with the button ID and returns what was seen.
export function walk(page, id) {
	return page.run((button) => {
		const seen = [];

		for (;;) {
			const frame = globalThis.look.frame();

			if (frame)
				seen.push({ ...frame, ...globalThis.look.picture(),
					moves: globalThis.look.moves(),
					title: globalThis.look.text('step') });
			if (document.getElementById(button).disabled)
				return seen;
			globalThis.look.click(button);
		}
	}, id);
}
