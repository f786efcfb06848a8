// Guess mode: what is right is what uepoll reports, and a wrong guess is told why.

import { visit } from './look.mjs';
import { check, same } from './report.mjs';
import { scope } from './native.mjs';

// In the page: goes on to the next question; null at the end.
function nextQuestion() {
	while (document.getElementById('guess').hidden ||
			!document.getElementById('guess-now')) {
		if (document.getElementById('forward').disabled)
			return null;
		globalThis.look.click('forward');
	}
	return { asked: document.querySelector('#guess h3').textContent,
		index: globalThis.explorer.state.guess.pending,
		covered: globalThis.look.picture().epolls.every(
			({ ready }) => !ready.length),
		secret: document.querySelectorAll('#timeline button')[
			globalThis.explorer.state.guess.pending].textContent.endsWith('?') };
}

// In the page: presses EVENTS ([ [ name, mask ] ]), and says so.
function guess(events) {
	for (const [name, mask] of events)
		for (const bit of mask.split('|'))
			[...document.querySelectorAll('#guess button')].find((button) =>
				button.dataset.guess === name &&
				button.dataset.bit === bit).click();
	const mine = document.getElementById('my-guess').textContent;

	globalThis.look.click('guess-now');
	return { mine, verdict: document.querySelector('#guess p').textContent,
		said: document.getElementById('guess').textContent };
}

const eventsOf = (answer) => answer.split(' ').slice(1).map(
	(event) => event.split(':'));

async function answerAll(page, name, steps, choose, judge) {
	for (;;) {
		const question = await page.run(nextQuestion);

		if (!question)
			return;
		const { index } = question;
		const right = steps[index].uepoll;
		const where = `${name}, step ${index + 1}`;

		check(`${where}: its answer is a secret`, question.covered &&
			question.secret && question.asked.includes(steps[index].op), question);
		judge(where, await page.run(guess, choose(steps[index], right)), right,
			steps[index]);
	}
}

function judgeRight(where, { mine, verdict }, right) {
	same(`${where}: uepoll's answer is the right one`, [mine, verdict],
		[right, 'Right.']);
}

// Nothing, if something is reported; else the first item.
function wrongGuess(step, right) {
	if (right !== '0')
		return [];
	const [, name] = step.op.split(' ');
	const epoll = step.epolls.find((one) => one.name === name);

	return epoll.items.length ? [[epoll.items[0].name, 'IN']] : [];
}

function judgeWrong(where, { mine, verdict, said }, right) {
	if (mine === right) // nothing else can be said: no item is there
		return;
	check(`${where}: another answer is wrong`,
		verdict === `Not quite: uepoll reports ${right}.`, mine, verdict);
	const [name] = (right === '0' ? eventsOf(mine) : eventsOf(right))[0];

	check(`${where}: and is told why`, said.includes(`${name} was`) &&
		said.includes('into the tree'), said);
}

export async function checkGuess(page, url, puzzles) {
	same('there are ten puzzles', puzzles.length, 10);
	for (const { name, bytes } of puzzles) {
		const { steps } = scope(bytes).json;

		await visit(page, url, `#story=${name}`);
		check(`${name}: a puzzle asks`, await page.run(() =>
			document.getElementById('guess-mode').checked));
		await answerAll(page, name, steps, (_, right) => eventsOf(right),
			judgeRight);
		await visit(page, url, `#story=${name}`);
		await answerAll(page, name, steps, wrongGuess, judgeWrong);
		check(`${name}: the score`, await page.run(() =>
			/of \d+ right/.test(globalThis.look.text('guess'))));
	}
}
