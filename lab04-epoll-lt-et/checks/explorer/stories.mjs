// Every story and puzzle, every step, forward and back: the page shows what
// epoll-scope --json says.

import { check, same } from './report.mjs';
import { visit, walk } from './look.mjs';
import { scope } from './native.mjs';

// A state of epoll-scope's, without what the picture does not tell apart.
function shownOf(epolls) {
	return epolls.map((epoll) => ({ name: epoll.name,
		items: epoll.items.map(({ name, mask, ready, red, left, right }) =>
			({ name, mask, ready, red, left, right })),
		ready: epoll.ready, batch: epoll.batch, overflow: epoll.overflow,
		waiters: epoll.waiters }));
}

// The files of a step that are no epolls, each once.
function filesOf(step) {
	const files = new Map();

	for (const file of step.files.filter(({ kind }) => kind !== 'epoll')) {
		const known = files.get(file.file);

		files.set(file.file, { names: known ? `${known.names} = ${file.name}`
			: file.name, bytes: file.bytes });
	}
	return [...files.values()];
}

// The entries of all wait queues; a file with two names is there once.
function queuesOf(step) {
	const files = new Map(step.files.map((file) => [file.file, file]));

	return [...files.values()].flatMap((file) => file.queue.map(
		({ epoll, item }) => `${epoll}/${item}`)).sort();
}

function expectedFrames(steps) {
	return steps.flatMap((step, index) => [
		...(step.during ? [
			{ index, phase: 'before', epolls: shownOf(step.during.before) },
			{ index, phase: 'after', epolls: shownOf(step.during.after) }] : []),
		{ index, phase: 'end', epolls: shownOf(step.epolls) }]);
}

function compareWalk(what, seen, steps) {
	same(`${what}: the states are those of epoll-scope`,
		seen.map(({ index, phase, epolls }) => ({ index, phase, epolls })),
		expectedFrames(steps));
	for (const frame of seen) {
		const step = steps[frame.index];
		const moves = step.moves.map((move) => `${move.what}: ${move.how}`);
		const where = `${what}, step ${frame.index + 1}`;

		if (frame.phase === 'end')
			same(`${where}: the scope's sentences`, frame.moves,
				moves.length ? moves : ['Nothing moved in epoll.']);
		const files = frame.phase === 'before' ? steps[frame.index - 1] : step;

		same(`${where}: the files`, frame.files, filesOf(files));
		same(`${where}: the wait queues`, frame.queues.map(
			({ epoll, item }) => `${epoll}/${item}`).sort(), queuesOf(files));
		check(`${where}: its name`, frame.title.endsWith(`: ${step.op}`),
			frame.title);
	}
}

function readableAnswer(answer) {
	if (answer.startsWith('-1 '))
		return `refused: ${answer.slice(3)}`;
	return answer === '' ? '–' : answer;
}

async function compareTimeline(page, name, steps) {
	const rows = await page.run(() => [...document.querySelectorAll(
		'#timeline button')].map((row) => row.textContent));

	same(`${name}: the timeline`, rows, steps.map((step, i) =>
		`${i + 1}${step.op} returned ${readableAnswer(step.uepoll)}`));
}

async function compareAnswers(page, name, steps) {
	const shown = await page.run((count) => {
		const all = [];

		for (let i = 0; i < count; i++) {
			globalThis.explorer.goToStep(i);
			all.push({ answers: [...document.querySelectorAll(
				'#told .answer code')].map((code) => code.textContent),
			code: globalThis.look.text('code'),
			calls: [...document.querySelectorAll('#calls a')].map(
				(link) => [link.textContent, link.href.endsWith(
					`/v6.18/C/ident/${link.textContent}`)]) });
		}
		return all;
	}, steps.length);

	same(`${name}: both answers, the line of C and the kernel's functions`, shown,
		steps.map((step) => ({
			answers: [step.uepoll, step.kernel].filter(
				(answer) => answer !== 'not possible here').map(readableAnswer),
			code: step.code,
			calls: step.calls.map((call) => [call.function, true]) })));
}

// One story: NAME and BYTES.
async function checkStory(page, url, { name, bytes }) {
	const { json } = scope(bytes);
	const { steps } = json;

	await visit(page, url, `#story=${name}`);
	const engine = await page.run(() => globalThis.explorer.state.script.steps);

	same(`${name}: WebAssembly says what epoll-scope says`, engine,
		steps.map(({ kernel, ...step }) => step));
	await page.run(() => {
		if (document.getElementById('guess-mode').checked)
			globalThis.look.click('guess-mode');
	});
	compareWalk(`${name}, forward`, await walk(page, 'forward'), steps);
	compareWalk(`${name}, back`, (await walk(page, 'back')).reverse(), steps);
	await compareTimeline(page, name, steps);
	await compareAnswers(page, name, steps);
}

export async function checkStories(page, url, scripts) {
	for (const script of scripts)
		await checkStory(page, url, script);
}
