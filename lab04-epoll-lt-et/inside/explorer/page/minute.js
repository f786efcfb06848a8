// The opening: three pictures that say what epoll is.

import { byId, make, makeSvg } from './dom.js';

function label(x, y, text, kind = 'small') {
	const element = makeSvg('text', { x, y, class: kind });

	element.textContent = text;
	return element;
}

function chip(x, y, name, hue) {
	return makeSvg('g', { class: `hue${hue}`, transform: `translate(${x} ${y})` },
		makeSvg('rect', { width: 30, height: 24, rx: 12, class: 'item' }),
		label(11, 16.5, name, 'name'));
}

function card(x, y, w, h, text) {
	return makeSvg('g', { transform: `translate(${x} ${y})` },
		makeSvg('rect', { width: w, height: h, rx: 8, class: 'paper' }),
		label(10, 18, text));
}

function arrow(path) {
	return makeSvg('path', { d: path, class: 'way', 'marker-end': 'url(#tip)' });
}

function tip() {
	return makeSvg('defs', {}, makeSvg('marker', { id: 'tip', refX: 7, refY: 4,
		markerWidth: 8, markerHeight: 8, orient: 'auto' },
	makeSvg('path', { d: 'M0 0L8 4L0 8z', class: 'tip' })));
}

function sheet(text, ...children) {
	return makeSvg('svg', { viewBox: '0 0 320 190', class: 'picture',
		role: 'img', 'aria-label': text }, tip(), ...children);
}

// The item into the tree, the callback into the socket's wait queue.
function first(words) {
	return sheet(words.minute1,
		card(10, 10, 140, 170, words.picTree),
		card(190, 10, 120, 100, words.picSocket),
		label(200, 62, words.picQueue),
		makeSvg('line', { class: 'branch', x1: 80, y1: 74, x2: 50, y2: 108 }),
		makeSvg('line', { class: 'branch', x1: 80, y1: 74, x2: 110, y2: 108 }),
		chip(65, 50, 'b', 1), chip(35, 108, 'a', 0), chip(95, 108, 'c', 2),
		chip(200, 72, 'a', 0),
		arrow('M66 120C110 150 190 150 212 102'));
}

// Bytes, callback, ready list, thread.
function second(words) {
	return sheet(words.minute2,
		card(10, 10, 120, 100, words.picSocket),
		label(20, 46, `⚡ ${words.picBytes}`, 'small key'),
		label(20, 66, words.picQueue),
		chip(20, 74, 'a', 0),
		card(10, 130, 180, 50, words.picReady),
		chip(130, 144, 'a', 0),
		card(220, 130, 90, 50, words.picThread),
		arrow('M52 86C120 80 146 90 145 138'),
		arrow('M164 156H230'));
}

// Off the list, asked once more, copied out; level goes back, edge does not.
function third(words) {
	return sheet(words.minute3,
		card(10, 10, 300, 50, words.picReady),
		chip(110, 26, 'a', 0), chip(150, 26, 'b', 1), chip(190, 26, 'c', 2),
		card(10, 120, 130, 60, words.picYou),
		chip(100, 140, 'a', 0),
		arrow('M122 52C115 80 112 100 114 134'),
		arrow('M132 152C250 150 290 100 240 46'),
		label(122, 112, words.picLevel),
		label(160, 176, words.picEdge));
}

export function drawMinute(words) {
	byId('minute-pictures').replaceChildren(
		make('li', {}, first(words), make('p', {}, words.minute1)),
		make('li', {}, second(words), make('p', {}, words.minute2)),
		make('li', {}, third(words), make('p', {}, words.minute3)));
}
