// The picture in words, for who does not see it. The sentences about what moved
// are the scope's own.

import { asked, disarmed } from './frames.js';

function maskWords(item, words) {
	return disarmed(item.mask) ? words.disarmed : asked(item.mask).join('|');
}

function fileLine(file, words) {
	const queue = file.queue.map((entry) => `${entry.item} (${entry.epoll}` +
		`${entry.exclusive ? `, ${words.exclusive}` : ''})`).join(', ');

	return `${file.name}: ${file.kind}, fd ${file.fd}, ` +
		`${words.bytes(file.bytes, file.kind)}` +
		`${queue ? `; ${words.queue}: ${queue}` : ''}`;
}

function listLine(label, names, words) {
	return `${label}: ${names.length ? names.join(', ') : words.nothing}`;
}

function itemLine(epoll, item, words) {
	const child = (index) => (index < 0 ? '–' : epoll.items[index].name);
	const state = item.ready === null ? words.isEpoll
		: item.ready ? words.isReady : words.isNotReady;

	return `${item.name}: ${maskWords(item, words)}, fd ${item.fd}, ` +
		`${words.file} ${item.file}, ${state}, ` +
		`${item.red ? words.red : words.black}, ` +
		`${child(item.left)} / ${child(item.right)}`;
}

function epollLines(epoll, covered, words) {
	const names = (list) => list.map((index) => epoll.items[index].name);
	const lines = [listLine(words.items, epoll.items.map(
		(item) => itemLine(epoll, item, words)), words)];

	lines.push(covered ? `${words.ready}: ${words.covered}`
		: listLine(words.ready, names(epoll.ready), words));
	if (epoll.scanning)
		lines.push(listLine(words.batch, names(epoll.batch), words));
	lines.push(listLine(words.overflow, names(epoll.overflow), words),
		listLine(words.waiters, epoll.waiters, words));
	return lines;
}

// The whole of FRAME: [ { title, lines } ].
export function describe(frame, covered, words) {
	const parts = [{ title: words.files,
		lines: frame.files.map((file) => fileLine(file, words)) }];

	for (const wake of frame.wakeups)
		parts[0].lines.push(`${words.called(wake.file)} ` +
			`${wake.key || words.anything}` +
			`${wake.heard ? '' : ` (${words.unheard})`}`);
	for (const epoll of frame.epolls)
		parts.push({ title: `epoll ${epoll.name}`,
			lines: epollLines(epoll, covered, words) });
	return parts;
}

// What happened in FRAME: sentences.
export function sentences(frame, words) {
	const during = frame.step.op.split(' during ')[1];

	if (frame.phase === 'before')
		return [words.copying(during.split(' ')[0])];
	if (frame.phase === 'after')
		return [words.meanwhile(during.split(' ').slice(1).join(' '))];
	return frame.step.moves.map((move) => `${move.what}: ${move.how}`);
}
