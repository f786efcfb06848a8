// The present step in words: the notes around it, what happened, both answers,
// and the line of C and the kernel's functions side by side.

import { byId, make } from './dom.js';
import { sentences } from './describe.js';
import { readable } from './words.js';

// A function's definition, wherever it is in its file.
function sourceLink(call) {
	return make('a', { target: '_blank', rel: 'noopener noreferrer',
		href: 'https://elixir.bootlin.com/linux/v6.18/C/ident/' +
			call.function }, call.function);
}

function drawSource(frame) {
	byId('source').hidden = !frame;
	byId('code').textContent = frame?.step.code ?? '';
	byId('calls').replaceChildren(...(frame?.step.calls ?? []).map(
		(call) => make('li', {}, sourceLink(call), ' ',
			make('small', {}, call.source))));
}

function answerLine(who, answer, kind) {
	return make('p', { class: `answer ${kind}` }, make('b', {}, who), ' ',
		make('code', {}, answer));
}

// KERNEL is what was recorded: { answers, release }; null for a script of one's
// own.
function answersPart(frame, kernel, words) {
	const { step } = frame;
	const part = make('div', { class: 'answers' });
	const answer = kernel?.answers[frame.index];
	const recorded = answer !== undefined && answer !== 'not possible here';
	const same = answer === step.uepoll;

	part.append(answerLine(words.answerUepoll, readable(step.uepoll, words),
		recorded && !same ? 'differs' : 'agrees'));
	if (!kernel)
		part.append(make('p', { class: 'quiet' }, words.askKernel));
	else if (!recorded)
		part.append(make('p', { class: 'quiet' }, words.notPossible));
	else
		part.append(answerLine(words.answerKernel, readable(answer, words),
			same ? 'agrees' : 'differs'),
		make('p', { class: 'quiet' }, words.recorded(kernel.release),
			same ? '' : ` – ${words.differ}`));
	return part;
}

function happenedPart(frame, words) {
	const said = sentences(frame, words);
	const list = make('ul', { class: 'moves', lang: frame.phase === 'end' ? 'en' : null });

	for (const sentence of said.length ? said : [words.nothingMoved])
		list.append(make('li', {}, sentence));
	return make('div', { class: 'happened' },
		make('h3', {}, words.happened), list);
}

// Shows FRAME, or the beginning if it is null. BRIEF: no more than its name, as
// the rest would help who guesses.
export function drawNow(frame, { notes, total, kernel, brief, words }) {
	byId('step').textContent = frame
		? `${words.stepOf(frame.index + 1, total)}: ${frame.step.op}`
		: words.before;
	byId('note').replaceChildren(...notes.map((note) => make('p', {}, note)));
	byId('told').replaceChildren(...(frame && !brief ? [
		happenedPart(frame, words),
		answersPart(frame, kernel, words),
	] : []));
	drawSource(frame);
}

// For who listens: what is said of FRAME when it comes up.
export function spoken(frame, total, words) {
	if (!frame)
		return words.before;
	return [`${words.stepOf(frame.index + 1, total)}: ${frame.step.op}`,
		`${words.returned} ${readable(frame.step.uepoll, words)}`,
		...sentences(frame, words)].join('. ');
}
