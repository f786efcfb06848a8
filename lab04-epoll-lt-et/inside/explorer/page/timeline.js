// The list of all steps, with what each returned; notes stand between them.
// Steps have the numbers that the page says everywhere else, not their lines'.

import { byId, make } from './dom.js';
import { readable } from './words.js';

// Fills the list. JUMP(index) is called when a step is chosen; SECRET(index)
// says whether an answer is not to be seen yet.
export function drawTimeline(script, { jump, secret, words }) {
	const list = byId('timeline');
	const rows = [];
	let note = 0;
	const notesBefore = (step) => {
		while (script.notes[note]?.step === step)
			rows.push(make('li', { class: 'note', lang: 'en' }, script.notes[note++].text));
	};

	script.steps.forEach((step, index) => {
		notesBefore(index);
		const answer = secret(index) ? '?' : readable(step.uepoll, words);

		rows.push(make('li', {}, make('button',
			{ 'data-step': index, onclick: () => jump(index) },
			make('span', { class: 'number' }, String(index + 1)),
			make('span', { class: 'op' }, step.op),
			make('span', { class: 'answer' },
				make('span', { class: 'unseen' }, ` ${words.returned} `),
				answer))));
	});
	notesBefore(script.steps.length);
	list.replaceChildren(...rows);
}

// Marks the step INDEX as the present one, and scrolls the list to it: near the
// top, as the lower part of the list can be below the window.
export function markStep(index) {
	const list = byId('timeline');

	for (const button of list.querySelectorAll('button')) {
		const here = Number(button.dataset.step) === index;

		if (here)
			button.setAttribute('aria-current', 'step');
		else
			button.removeAttribute('aria-current');
		if (here && list.scrollHeight > list.clientHeight)
			list.scrollTop = button.offsetTop - list.clientHeight / 4;
	}
	if (index < 0)
		list.scrollTop = 0;
}
