// Where everything in the picture goes. A picture is a list of things, each with
// a key that it keeps from frame to frame, so that what moved can be seen moving.
// Wide pictures have the files beside the epolls, narrow ones above them.

import { asked, disarmed } from './frames.js';
import { treeLayout } from './tree.js';

const LETTER = 7.9; // of the font for names
const SMALL = 6.7; // of the font for masks
const CHIP = 24;
const NODE = 40;
const PAD = 12;
const ROW_LABEL = 96;
const FILE_WIDTH = 216;
const SLIM_FILE = 176;
const MANY = 6; // files in one column
const WIDE = 760;
const NARROW = 620;

// Columns that TEXT takes: those beyond Latin are mostly wide.
function columns(text) {
	let n = 0;

	for (const c of text)
		n += c.codePointAt(0) > 0x10ff ? 2 : 1;
	return n;
}

const chipWidth = (text) => columns(text) * LETTER + 18;
const thingOf = (epoll, item) => `${epoll}|${item.fd}|${item.name}`;

// What stands below a name in the tree.
function maskText(item, words) {
	return disarmed(item.mask) ? words.disarmed : asked(item.mask).join('|');
}

// The files that are no epolls, each once, with all names that hold it.
function filesOf(frame) {
	const files = new Map();

	for (const entry of frame.files) {
		if (!files.has(entry.file))
			files.set(entry.file, { ...entry, names: [] });
		files.get(entry.file).names.push(entry);
	}
	return [...files.values()];
}

// "IN|PRI", with how often it was said; a name of the file leads to it.
function keysOf(frame, file, words) {
	const count = new Map();

	for (const wake of frame.wakeups)
		if (file.names.some((entry) => entry.name === wake.file)) {
			const key = wake.key || words.anything;

			count.set(key, (count.get(key) ?? 0) + 1);
		}
	return [...count].map(([key, n]) => (n > 1 ? `${key} ×${n}` : key));
}

// Chips side by side from X to RIGHT, in as many lines as it takes. Returns
// their places, and the height of all.
function flow(texts, x, y, right) {
	const places = [];
	let at = x;
	let top = y;

	for (const text of texts) {
		const w = chipWidth(text);

		if (at > x && at + w > right) {
			at = x;
			top += CHIP + 8;
		}
		places.push({ x: at, y: top, w, h: CHIP });
		at += w + 18;
	}
	return { places, height: top - y + CHIP };
}

function placeQueue(picture, owner, queue, x, y, right) {
	const { places, height } = flow(queue.map((entry) => entry.item), x, y,
		right);

	queue.forEach((entry, i) => {
		const thing = thingOf(entry.epoll, { fd: entry.fd, name: entry.item });

		picture.things.push({ kind: 'entry', owner, thing, text: entry.item,
			epoll: entry.epoll, exclusive: entry.exclusive,
			key: `queue|${thing}`, ...places[i] });
	});
	return height;
}

function placeFile(picture, frame, file, x, y, w, words) {
	const keys = keysOf(frame, file, words);
	const names = file.names.map((entry) => entry.name).join(' = ');
	const box = { kind: 'file', key: `file|${file.file}`, text: names,
		fds: file.names.map((entry) => entry.fd).join(', '),
		type: file.kind, bytes: file.bytes, keys, x, y, w };
	let h = 48;

	picture.things.push(box);
	if (file.queue.length) {
		box.queueAt = h + 10;
		h += 20 + placeQueue(picture, file.name, file.queue, x + 10, y + h + 20,
			x + w - 8) + 8;
	}
	box.h = h + (keys.length ? 16 * keys.length + 4 : 0);
	return box.h;
}

// The files in one column; in two if they are many, or if there is only room
// above the epolls. Returns where they end, to the right and below.
function placeFiles(picture, frame, width, words) {
	const files = filesOf(frame).filter((file) => file.kind !== 'epoll');
	const narrow = width < NARROW;
	const count = narrow || (files.length > MANY && width > WIDE) ? 2 : 1;
	const w = narrow ? (width - PAD) / 2 : count > 1 ? SLIM_FILE : FILE_WIDTH;
	const bottom = Array(count).fill(0);

	files.forEach((file, i) => {
		const column = i % count;

		bottom[column] += placeFile(picture, frame, file, column * (w + PAD),
			bottom[column], w, words) + PAD;
	});
	return { right: count * (w + PAD) - PAD, bottom: Math.max(...bottom) };
}

// One line of an epoll's panel: a label, and chips behind it.
function placeRow(picture, panel, row, y) {
	const x = panel.x + PAD;
	const { places, height } = flow(row.chips.map((chip) => chip.text),
		x + ROW_LABEL, y, panel.x + panel.w - PAD);

	picture.things.push({ kind: 'row', key: `row|${panel.name}|${row.list}`,
		text: row.label, list: row.list, empty: !row.chips.length,
		covered: row.covered, x, y, w: panel.w - 2 * PAD, h: height,
		label: ROW_LABEL });
	if (!row.covered)
		row.chips.forEach((chip, i) => picture.things.push(
			{ kind: 'chip', list: row.list, epoll: panel.name, place: i,
				...chip, ...places[i] }));
	return height + 10;
}

function itemChips(epoll, list) {
	return list.map((index) => {
		const item = epoll.items[index];
		const thing = thingOf(epoll.name, item);

		return { text: item.name, index, thing, key: `list|${thing}`,
			from: [`queue|${thing}`, `node|${thing}`] };
	});
}

// What the wait on this epoll, or a thread that slept in it, has reported.
function eventChips(epoll, frame, before) {
	const [verb, first, second] = frame.step.op.split(' ');
	const waits = { wait: first, thread: second };
	const chips = [];

	for (const { thread, events } of frame.reports) {
		const asleep = before?.find((e) => e.name === epoll.name)?.waiters ?? [];

		if (thread ? !asleep.includes(thread) : waits[verb] !== epoll.name)
			continue;
		events.forEach((event, i) => {
			const item = epoll.items.find((it) => it.name === event.name);
			const thing = item && thingOf(epoll.name, item);

			chips.push({ text: `${thread ? `${thread} ← ` : ''}` +
				`${event.name}:${event.mask}`, thing,
			key: `event|${epoll.name}|${thread}|${i}`,
			from: [`list|${thing}`, `queue|${thing}`] });
		});
	}
	return chips;
}

function rowsOf(epoll, frame, before, covered, words) {
	const rows = [{ list: 'ready', label: words.ready, covered,
		chips: itemChips(epoll, epoll.ready) }];

	if (epoll.scanning)
		rows.push({ list: 'batch', label: words.batch,
			chips: itemChips(epoll, epoll.batch) });
	// An item may be in the batch and overflow at the same time.
	rows.push({ list: 'overflow', label: words.overflow,
		chips: itemChips(epoll, epoll.overflow).map((chip) =>
			({ ...chip, key: `overflow|${chip.thing}` })) });
	rows.push({ list: 'waiters', label: words.waiters,
		chips: epoll.waiters.map((name) => ({ text: name, thread: true,
			key: `waiter|${name}`, from: [] })) });
	rows.push({ list: 'events', label: words.events,
		chips: eventChips(epoll, frame, before) });
	return rows;
}

function placeTree(picture, panel, epoll, y, words) {
	const widths = epoll.items.map((item) => Math.max(
		columns(item.name) * LETTER + 34,
		columns(maskText(item, words)) * SMALL + 18));
	const free = panel.w - 2 * PAD - widths.reduce((sum, w) => sum + w, 0);
	const gap = Math.max(4, Math.min(10, free / (widths.length - 1)));
	const tree = treeLayout(epoll, widths, { gap, row: 62, node: NODE });
	const left = panel.x + Math.max(PAD, (panel.w - tree.width) / 2);

	for (const { index, x, y: down } of tree.nodes) {
		const item = epoll.items[index];
		const thing = thingOf(epoll.name, item);

		picture.things.push({ kind: 'node', key: `node|${thing}`, thing, item,
			index, epoll: panel.name, text: item.name,
			mask: maskText(item, words), x: left + x, y: y + down,
			w: widths[index], h: NODE });
	}
	picture.width = Math.max(picture.width, left + tree.width + PAD);
	return tree.height;
}

function placeEpoll(picture, frame, epoll, at, options) {
	const { words } = options;
	const file = frame.files.find((entry) => entry.name === epoll.name);
	const panel = { kind: 'panel', key: `panel|${epoll.name}`,
		name: epoll.name, text: epoll.name, fd: file?.fd, ...at };
	let y = at.y + 38;

	picture.things.push(panel);
	y += placeTree(picture, panel, epoll, y, words) + 14;
	panel.empty = !epoll.items.length;
	if (panel.empty)
		y += 18;
	for (const row of rowsOf(epoll, frame, options.before, options.covered,
		words))
		y += placeRow(picture, panel, row, y);
	if (file?.queue.length) {
		picture.things.push({ kind: 'row', key: `row|${epoll.name}|pollers`,
			list: 'pollers', text: words.queue, x: panel.x + PAD, y,
			w: panel.w - 2 * PAD, h: CHIP, label: ROW_LABEL });
		y += placeQueue(picture, epoll.name, file.queue,
			panel.x + PAD + ROW_LABEL, y, panel.x + panel.w - PAD) + 10;
	}
	panel.h = y + 4 - at.y;
	return panel.h;
}

// FRAME as a picture WIDTH wide: { width, height, things }. options: words;
// before, the epolls of the frame before; covered, if the ready list is a secret.
export function layout(frame, width, options) {
	const picture = { width, height: 0, things: [] };
	const narrow = width < NARROW;
	const files = placeFiles(picture, frame, width, options.words);
	const x = narrow ? 0 : files.right + 44;
	let y = narrow && files.bottom ? files.bottom + 8 : 0;

	for (const epoll of frame.epolls)
		y += placeEpoll(picture, frame, epoll, { x, y, w: width - x },
			options) + PAD;
	for (const thing of picture.things)
		if (thing.kind === 'panel')
			thing.w = Math.max(thing.w, picture.width - thing.x);
	picture.height = Math.max(y, files.bottom, 60);
	return picture;
}
