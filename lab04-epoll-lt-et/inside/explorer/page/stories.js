// The stories and puzzles that came with the page, and what the kernel answered
// to them when it was built.

import { byId } from './dom.js';

let all = null;

// [ { name, group: 'stories' or 'puzzles', title, text, kernel: { release,
// answers } } ]
export function stories() {
	if (!all) {
		const { release, scripts } = JSON.parse(byId('stories').textContent);

		all = scripts.map(({ name, group, text, kernel }) => ({ name, group, text,
			title: text.split('\n', 1)[0].replace(/^# */, ''),
			kernel: { release, answers: kernel } }));
	}
	return all;
}

export function storyNamed(name) {
	return stories().find((story) => story.name === name) ?? null;
}
