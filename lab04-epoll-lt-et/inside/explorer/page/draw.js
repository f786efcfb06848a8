// Draws a layout as SVG. Each thing is a group at its place; what it is stands in
// data- attributes, for those who look for it.

import { makeSvg } from './dom.js';

const HUES = 8;
const MOST_THREADS = 80; // a thicker web hides more than it shows

// The same item has the same colour wherever it hangs.
function hueOf(thing, hues) {
	if (!thing)
		return null;
	if (!hues.has(thing))
		hues.set(thing, hues.size % HUES);
	return hues.get(thing);
}

function text(x, y, content, kind) {
	const element = makeSvg('text', { x, y, class: kind });

	element.textContent = content;
	return element;
}

function box(thing, kind, radius = 6) {
	return makeSvg('rect', { width: thing.w, height: thing.h, rx: radius,
		class: kind });
}

// Did the step move this, as the scope says?
function moved(thing, moves) {
	return moves.some((move) => move.epoll === thing.epoll &&
		move.what === thing.text);
}

function group(thing, hues, children, attributes = {}) {
	const hue = hueOf(thing.thing, hues);

	return makeSvg('g', {
		transform: `translate(${thing.x} ${thing.y})`,
		class: `thing ${thing.kind}${hue === null ? '' : ` hue${hue}`}`,
		'data-kind': thing.kind, 'data-thing': thing.thing,
		'data-text': thing.text, ...attributes,
	}, ...children);
}

function dot(item, x, y) {
	if (item.ready === null)
		return makeSvg('circle', { cx: x, cy: y, r: 1.5, class: 'dot nested' });
	return makeSvg('circle', { cx: x, cy: y, r: 5,
		class: item.ready ? 'dot full' : 'dot hollow' });
}

const drawings = {
	panel(thing, words) {
		const name = thing.fd === undefined ? '' : `fd ${thing.fd}`;
		const children = [box(thing, 'paper', 10),
			text(12, 23, `epoll ${thing.text}`, 'name'),
			text(thing.w - 12, 23, name, 'small end')];

		if (thing.empty)
			children.push(text(12, 50, words.noItems, 'small'));
		return children;
	},

	file(thing, words) {
		const children = [box(thing, thing.keys.length ? 'paper called' :
			'paper'),
		text(10, 18, thing.text, 'name'),
		text(10, 35, `${thing.type} · fd ${thing.fds}`, 'small'),
		text(thing.w - 10, 35, words.bytes(thing.bytes, thing.type),
			'small end')];

		if (thing.bytes > 0)
			children.push(makeSvg('rect', { x: 10, y: 42, height: 4, rx: 2,
				width: (thing.w - 20) *
					Math.min(1, Math.log2(thing.bytes + 1) / 13),
				class: 'bytes' }));
		if (thing.queueAt)
			children.push(text(10, thing.queueAt + 4, words.queue, 'tiny'));
		thing.keys.forEach((key, i) => children.push(text(10,
			thing.h - 8 - 16 * (thing.keys.length - 1 - i), `⚡ ${key}`,
			'small key')));
		return children;
	},

	node(thing) {
		return [box(thing, thing.item.red ? 'item red' : 'item black'),
			text(12, 17, thing.text, 'name'),
			text(12, 32, thing.mask, 'small'),
			dot(thing.item, thing.w - 12, 12)];
	},

	row(thing, words) {
		const children = [text(0, 16, thing.text, 'small'),
			makeSvg('line', { x1: thing.label, x2: thing.w, y1: thing.h + 4,
				y2: thing.h + 4, class: 'rail' })];

		if (thing.covered)
			children.push(text(thing.label, 16, words.covered, 'small'));
		else if (thing.empty)
			children.push(text(thing.label, 16, '–', 'small'));
		return children;
	},

	entry(thing) {
		return [box(thing, thing.exclusive ? 'item exclusive' : 'item', 12),
			text(9, 16.5, thing.text, 'name')];
	},

	chip(thing) {
		const children = [box(thing, thing.thread ? 'item thread' : 'item', 12),
			text(9, 16.5, thing.text, 'name')];

		if (thing.place > 0)
			children.unshift(makeSvg('path', { d: 'M-14 12h10m-4 -4l4 4l-4 4',
				class: 'arrow' }));
		return children;
	},
};

function attributesOf(thing) {
	const data = { 'data-list': thing.list, 'data-epoll': thing.epoll,
		'data-index': thing.index };

	if (thing.kind === 'file')
		data['data-bytes'] = thing.bytes;
	if (thing.kind === 'node')
		Object.assign(data, { 'data-mask': thing.item.mask,
			'data-ready': String(thing.item.ready),
			'data-red': String(thing.item.red),
			'data-left': thing.item.left, 'data-right': thing.item.right });
	return data;
}

// The tree's branches, below the nodes that they join.
function branches(things) {
	const nodes = things.filter((thing) => thing.kind === 'node');
	const lines = [];

	for (const parent of nodes)
		for (const child of [parent.item.left, parent.item.right]) {
			const to = nodes.find((node) => node.epoll === parent.epoll &&
				node.index === child);

			if (to)
				lines.push(makeSvg('line', { class: 'branch',
					x1: parent.x + parent.w / 2, y1: parent.y + parent.h,
					x2: to.x + to.w / 2, y2: to.y }));
		}
	return lines;
}

// From NODE to another place of its item: out of the side that faces it.
function threadPath(node, end) {
	const middle = node.x + node.w / 2;
	const across = end.x + end.w / 2;

	if (end.x + end.w < node.x && end.kind === 'entry') {
		const y1 = node.y + node.h / 2;
		const y2 = end.y + end.h / 2;
		const x2 = end.x + end.w;

		return `M${node.x} ${y1}C${node.x - 60} ${y1} ${x2 + 60} ${y2} ` +
			`${x2} ${y2}`;
	}
	const down = end.y > node.y;
	const y1 = down ? node.y + node.h : node.y;
	const y2 = down ? end.y : end.y + end.h;
	const bend = down ? 20 : -20;

	return `M${middle} ${y1}C${middle} ${y1 + bend} ${across} ${y2 - bend} ` +
		`${across} ${y2}`;
}

// One item hangs in several places: a thread from its node to each of them.
function threads(things, hues) {
	const nodes = new Map(things.filter((thing) => thing.kind === 'node')
		.map((thing) => [thing.thing, thing]));
	const lines = [];

	for (const end of things) {
		const node = nodes.get(end.thing);

		if (!node || end.kind === 'node' || end.list === 'events')
			continue;
		lines.push(makeSvg('path', { d: threadPath(node, end),
			class: `thread-line hue${hueOf(end.thing, hues)}`,
			'data-thing': end.thing }));
	}
	return lines.length > MOST_THREADS ? [] : lines;
}

// The picture as an element; groups has each thing's, by key. HUES remembers
// colours from frame to frame; MOVES are the step's.
export function draw(picture, hues, moves, words) {
	const svg = makeSvg('svg', { class: 'picture', width: picture.width,
		height: picture.height,
		viewBox: `0 0 ${picture.width} ${picture.height}` });
	const groups = new Map();
	const panels = picture.things.filter((thing) => thing.kind === 'panel');
	const others = picture.things.filter((thing) => thing.kind !== 'panel');
	const add = (thing) => {
		const element = group(thing, hues, drawings[thing.kind](thing, words),
			attributesOf(thing));

		if (moved(thing, moves))
			element.classList.add('moved');
		groups.set(thing.key, element);
		svg.append(element);
	};

	// Colours are given in the order of the tree, not of the lists.
	others.filter((thing) => thing.kind === 'node')
		.forEach((thing) => hueOf(thing.thing, hues));
	panels.forEach(add);
	others.filter((thing) => thing.kind === 'file').forEach(add);
	svg.append(...branches(others), ...threads(others, hues));
	others.filter((thing) => thing.kind !== 'file').forEach(add);
	return { svg, groups };
}
