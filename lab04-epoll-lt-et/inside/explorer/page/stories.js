// The stories and puzzles that came with the page, and what the kernel answered
// to them when it was built.

import { byId } from './dom.js';

// In the order of learning; what is not here comes after, as it came.
const ORDER = ['et-stall', 'lt-rotation', 'mod-rearms', 'oneshot', 'many',
	'hangup', 'surprises', 'dup', 'refused', 'two-threads', 'exclusive', 'nested',
	'overflow'];

let all = null;

function rank(name) {
	const at = ORDER.indexOf(name);

	return at < 0 ? ORDER.length : at;
}

// [ { name, group: 'stories' or 'puzzles', title, text, kernel: { release,
// answers } } ]
export function stories() {
	if (!all) {
		const { release, scripts } = JSON.parse(byId('stories').textContent);

		all = scripts.map(({ name, group, text, kernel }) => ({ name, group, text,
			title: text.split('\n', 1)[0].replace(/^# */, ''),
			kernel: { release, answers: kernel } }))
			.sort((a, b) => rank(a.name) - rank(b.name));
	}
	return all;
}

export function storyNamed(name) {
	return stories().find((story) => story.name === name) ?? null;
}
