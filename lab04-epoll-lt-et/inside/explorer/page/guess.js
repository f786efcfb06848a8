// Guess mode. The right answer is uepoll's; an explanation is read off the
// pictures before and after the wait, and off what the scope said on the way.

import { byId, make } from './dom.js';
import { reports } from './frames.js';
import { readable } from './words.js';

const BITS = ['IN', 'OUT', 'RDHUP', 'ERR', 'HUP'];

// "wait e 4": the epoll and maxevents of a wait.
export function waitOf(step) {
	const [verb, epoll, max] = step.op.split(' ');

	return verb === 'wait' ? { epoll, max: Number(max) } : null;
}

// A guess is [ { name, bits } ]; the answer that it stands for is text as
// uepoll's is.
function answerOf(guess) {
	const events = guess.map(({ name, bits }) => `${name}:` +
		BITS.filter((bit) => bits.has(bit)).join('|'));

	return [guess.length, ...events].join(' ');
}

// What uepoll reported, without what an operation in the middle gave.
function rightAnswer(step) {
	return step.uepoll.split('; ')[0].split(' / ')[0];
}

export function isRight(step, guess) {
	return rightAnswer(step) === answerOf(guess);
}

// What the scope said of the item NAME of EPOLL up to the step LAST.
function wayOf(steps, epoll, name, last) {
	const way = [];

	for (let i = 0; i <= last; i++)
		for (const move of steps[i].moves)
			if (move.epoll === epoll && move.what === name)
				way.push({ step: i, how: move.how });
	return way;
}

// Why the item at INDEX of EPOLL was reported, or was not.
function reason(epoll, index, told, max, words) {
	const { name, ready } = epoll.items[index];
	const place = epoll.ready.indexOf(index);
	const event = told.find((one) => one.name === name);

	if (event)
		return words.listedReady(name, place + 1, event.mask);
	if (place < 0)
		return words.notListed(name);
	if (told.length === max && ready !== false)
		return words.notReached(name, max);
	return words.listedQuiet(name);
}

// Why GUESS about the step INDEX is wrong: [ { text, way } ]. EPOLLS is what was
// before the step.
function explain(steps, index, epolls, guess, words) {
	const { epoll: name, max } = waitOf(steps[index]);
	const epoll = epolls.find((one) => one.name === name);
	const told = reports(steps[index])[0].events;
	const reasons = [];

	if (!epoll || rightAnswer(steps[index]).startsWith('-1'))
		return [{ text: words.guessRefused, name: null, way: [] }];
	epoll.items.forEach((item, i) => {
		const event = told.find((one) => one.name === item.name);
		const mine = guess.find((one) => one.name === item.name);
		const mask = mine && BITS.filter((bit) => mine.bits.has(bit)).join('|');
		const way = wayOf(steps, name, item.name, index);

		if (!event === !mine && event?.mask === mask)
			return;
		reasons.push({ name: item.name, way, text: event && mine
			? words.otherMask(item.name, event.mask)
			: reason(epoll, i, told, max, words) });
	});
	if (!reasons.length)
		reasons.push({ name: null, way: [], text: words.otherOrder(
			epoll.ready.map((i) => epoll.items[i].name).join(', ')) });
	return reasons;
}

function toggle(guess, name, bit) {
	const at = guess.findIndex((one) => one.name === name);

	if (at < 0) {
		guess.push({ name, bits: new Set([bit]) });
		return;
	}
	const { bits } = guess[at];

	if (!bits.delete(bit))
		bits.add(bit);
	if (!bits.size)
		guess.splice(at, 1);
}

function choices(names, guess, redraw) {
	return names.map((name) => {
		const mine = guess.find((one) => one.name === name);

		return make('fieldset', {}, make('legend', {}, name), ...BITS.map(
			(bit) => make('button', { type: 'button', 'data-guess': name,
				'data-bit': bit,
				'aria-pressed': String(mine?.bits.has(bit) ?? false),
				onclick: () => {
					toggle(guess, name, bit);
					redraw(name, bit);
				} }, bit)));
	});
}

// Asks about STEP, for which the items of EPOLL can be named. ANSWER(guess) is
// called in the end; guess is null if it is to be shown only.
export function ask(step, epoll, { answer, words }) {
	const panel = byId('guess');
	const names = [...new Set(epoll?.items.map((item) => item.name) ?? [])];
	const guess = [];
	const redraw = (name, bit) => {
		panel.replaceChildren(
			make('h3', {}, words.guessTitle(step.op)),
			make('p', {}, words.guessHelp),
			...choices(names, guess, redraw),
			make('p', {}, `${words.guessYours}: `,
				make('code', { id: 'my-guess' }, answerOf(guess))),
			make('p', {},
				make('button', { id: 'guess-now', class: 'main',
					onclick: () => answer(guess) }, words.guessNow), ' ',
				make('button', { id: 'guess-skip',
					onclick: () => answer(null) }, words.guessSkip)));
		const again = [...panel.querySelectorAll('button')].find((button) =>
			button.dataset.guess === name && button.dataset.bit === bit);

		again?.focus();
	};

	panel.hidden = false;
	redraw();
}

// Tells what came of a guess. JUMP(index) leads to a step.
export function tell(steps, index, epolls, guess, { jump, score, words }) {
	const panel = byId('guess');
	const right = isRight(steps[index], guess);
	const was = readable(rightAnswer(steps[index]), words);
	const parts = [make('p', { class: right ? 'right' : 'wrong' },
		right ? words.guessRight : words.guessWrong(was))];

	for (const { text, name, way } of right ? []
		: explain(steps, index, epolls, guess, words)) {
		parts.push(make('p', {}, text));
		if (!name)
			continue;
		parts.push(make('ol', { class: 'way', 'aria-label': words.wayOf(name) },
			...way.map(({ step, how }) => make('li', {},
				make('button', { class: 'link', onclick: () => jump(step) },
					words.stepOf(step + 1, steps.length)), ` ${how}`))));
	}
	panel.hidden = false;
	panel.replaceChildren(...parts,
		make('p', { class: 'quiet' }, words.score(score.right, score.all)));
}

export function hideGuess() {
	byId('guess').hidden = true;
	byId('guess').replaceChildren();
}
