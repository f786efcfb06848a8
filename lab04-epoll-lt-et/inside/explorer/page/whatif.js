// What if? The script is changed as text, and uepoll plays both.

import { byId, make } from './dom.js';
import { run } from './engine.js';
import { readable } from './words.js';

const FLAGS = ['ET', 'ONESHOT', 'EXCLUSIVE'];

// What of STEPS can be changed: items, by epoll and name, and the waits on an
// epoll. Each with the steps that say it.
function changeable(steps) {
	const found = new Map();
	const note = (key, what, step) => {
		if (!found.has(key))
			found.set(key, { key, ...what, steps: [] });
		found.get(key).steps.push(step);
	};

	for (const step of steps) {
		const [verb, first, second] = step.op.split(' ');

		if (verb === 'add' || verb === 'mod')
			note(`item ${first} ${second}`, { kind: 'item', epoll: first,
				item: second }, step);
		else if (verb === 'wait')
			note(`wait ${first}`, { kind: 'wait', epoll: first }, step);
		else if (verb === 'thread')
			note(`wait ${second}`, { kind: 'wait', epoll: second }, step);
	}
	return [...found.values()];
}

function changedMask(mask, flags) {
	const bits = mask.split('|').filter(
		(bit) => bit !== '0' && !FLAGS.includes(bit));

	return [...bits, ...FLAGS.filter((flag) => flags.has(flag))].join('|') || '0';
}

// The operation OP with other flags or another maxevents.
function changedOp(op, change) {
	const words = op.split(' ');

	if (change.flags)
		words[3] = changedMask(words[3], change.flags);
	else
		words[words[0] === 'thread' ? 3 : 2] = String(change.max);
	return words.join(' ');
}

// TEXT with CHANGE ({ flags } or { max }) made in all that TARGET stands for, and
// without its notes: they tell of the story as it was. Their lines stay, empty.
function changedText(text, target, change) {
	const lines = text.split('\n').map(
		(line) => (/^\s*note\s/.test(line) ? '' : line));

	for (const step of target.steps)
		lines[step.line - 1] = changedOp(step.op, change);
	return lines.join('\n');
}

function sameLists(a, b) {
	const lists = (step) => JSON.stringify(step.epolls.map((epoll) => [
		epoll.name, epoll.ready, epoll.overflow, epoll.waiters,
		epoll.items.map((item) => item.name)]));

	return lists(a) === lists(b);
}

// The first step at which the runs WAS and NOW differ: { kind: 'answer' or
// 'lists', index }; null if there is none.
function firstDifference(was, now) {
	const differs = (test) => was.steps.findIndex((step, i) =>
		test(step, now.steps[i]));
	const answer = differs((a, b) => a.uepoll !== b.uepoll);

	if (answer >= 0)
		return { kind: 'answer', index: answer };
	const lists = differs((a, b) => !sameLists(a, b));

	return lists < 0 ? null : { kind: 'lists', index: lists };
}

function verdict(was, now, words) {
	if (now.error)
		return words.cannot(now.error.text);
	const first = firstDifference(was, now);

	if (!first)
		return words.sameStory;
	const { op, uepoll } = now.steps[first.index];
	const n = first.index + 1;

	if (first.kind === 'lists')
		return words.sameAnswers(n, op);
	return words.firstDifference(n, op, readable(uepoll, words),
		readable(was.steps[first.index].uepoll, words));
}

// LT or ET, and what may go with either.
function flagBoxes(target) {
	const mask = target.steps[0].op.split(' ')[3].split('|');
	const field = (type, value, checked) => make('label', { class: 'check' },
		make('input', { type, value, checked, name: 'what-if-flags' }),
		` ${value}`);

	return [field('radio', 'LT', !mask.includes('ET')),
		...FLAGS.map((flag) => field(flag === 'ET' ? 'radio' : 'checkbox', flag,
			mask.includes(flag)))];
}

function maxField(target, words) {
	const parts = target.steps[0].op.split(' ');

	return [make('label', {}, `${words.maxevents} `, make('input', {
		type: 'number', min: 1, max: 64,
		value: parts[parts[0] === 'thread' ? 3 : 2] }))];
}

function changeIn(form, target) {
	if (target.kind === 'wait')
		return { max: Number(form.querySelector('input').value) };
	return { flags: new Set([...form.querySelectorAll('input:checked')]
		.map((input) => input.value)) };
}

// Draws the form for a script and its run. SHOW(text, index) shows the changed
// script at a step.
export function drawWhatIf(text, script, { show, words }) {
	const form = byId('what-if-form');
	const says = byId('what-if-says');
	const targets = changeable(script.steps);
	const fields = make('span', { class: 'fields' });
	const choice = make('select', { id: 'what-if-target' }, ...targets.map(
		(target) => make('option', {}, target.kind === 'item'
			? words.itemIn(target.item, target.epoll)
			: words.waitsOn(target.epoll))));
	const target = () => targets[choice.selectedIndex];
	const refill = () => {
		says.replaceChildren();
		fields.replaceChildren(...(target().kind === 'item'
			? flagBoxes(target()) : maxField(target(), words)));
	};
	const compare = async () => {
		const changed = changedText(text, target(), changeIn(fields, target()));
		const now = await run(new TextEncoder().encode(changed));
		const first = now.error ? null : firstDifference(script, now);

		says.replaceChildren(verdict(script, now, words), ' ');
		if (first)
			says.append(make('button', { id: 'what-if-show',
				onclick: () => show(changed, first.index) },
			words.showChanged));
	};

	says.replaceChildren();
	if (!targets.length) {
		form.replaceChildren(words.whatIfNone);
		return;
	}
	choice.addEventListener('change', refill);
	refill();
	form.replaceChildren(make('label', { for: 'what-if-target' }, words.change),
		' ', choice, ' ', fields, ' ',
		make('button', { id: 'what-if-compare', onclick: compare },
			words.compare));
}
