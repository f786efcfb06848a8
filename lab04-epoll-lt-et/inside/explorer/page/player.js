// Moves through the frames of a script, and shows where one is.

import { byId, make } from './dom.js';
import { describe } from './describe.js';
import { draw } from './draw.js';
import { endOf } from './frames.js';
import { ask, hideGuess, isRight, tell, waitOf } from './guess.js';
import { layout } from './layout.js';
import { glide, placesOf } from './motion.js';
import { drawNow, spoken } from './now.js';
import { presentFrame, state } from './state.js';
import { stories } from './stories.js';
import { drawTimeline, markStep } from './timeline.js';
import { readable } from './words.js';

const PLAY_MS = 1800;

let hues = new Map();
let places = new Map(); // of the picture before

function covered() {
	return state.guess.pending >= 0;
}

export function drawPicture(moving) {
	const canvas = byId('canvas');
	const frame = presentFrame();
	const scale = parseFloat(getComputedStyle(
		document.documentElement).fontSize) / 16;

	if (!frame) {
		places = new Map();
		canvas.replaceChildren(make('p', { class: 'quiet' },
			state.words.before));
		byId('picture-words').replaceChildren();
		return;
	}
	const picture = layout(frame, Math.max(300, canvas.clientWidth / scale - 2),
		{ words: state.words, covered: covered(),
			before: state.frames[state.at - 1]?.epolls });
	const { svg, groups } = draw(picture, hues,
		frame.phase === 'end' ? frame.step.moves : [], state.words);

	svg.setAttribute('width', picture.width * scale);
	svg.setAttribute('height', picture.height * scale);
	svg.setAttribute('aria-hidden', 'true');
	canvas.replaceChildren(svg);
	if (moving)
		glide(picture, groups, places);
	places = placesOf(picture);
	drawWords(frame);
}

// Lights up all places in which the thing under the pointer hangs.
export function lightUp(target) {
	const thing = target.closest('[data-thing]')?.dataset.thing;

	for (const one of byId('canvas').querySelectorAll('[data-thing]'))
		one.classList.toggle('lit', one.dataset.thing === thing);
}

function drawWords(frame) {
	byId('picture-words').replaceChildren(
		...describe(frame, covered(), state.words).flatMap(({ title, lines }) => [
			make('h3', {}, title),
			make('ul', {}, ...lines.map((line) => make('li', {}, line)))]));
}

// The notes that tell of the present step: the nearest before it, and those
// right behind it, for a note leads on to what follows or tells what came of it.
function notesHere() {
	const frame = presentFrame();
	const index = frame?.index ?? -1;
	const over = !frame || frame.phase === 'end';
	const { notes } = state.script;
	const before = notes.filter((note) => note.step <= index).at(-1)?.step;

	return notes.filter((note) => note.step === before ||
		(over && note.step === index + 1)).map((note) => note.text);
}

function drawControls() {
	const { words, script, at, frames } = state;
	const frame = presentFrame();
	const position = byId('position');

	position.max = frames.length;
	position.value = at + 1;
	position.setAttribute('aria-valuetext', frame
		? words.stepOf(frame.index + 1, script.steps.length) : words.before);
	for (const id of ['first', 'back'])
		byId(id).disabled = at < 0;
	for (const id of ['forward', 'last'])
		byId(id).disabled = at >= frames.length - 1;
	byId('play').textContent = state.timer ? words.pause : words.play;
	byId('play').disabled = !frames.length;
}

// Everything that depends on where one is. MOVING: what moved glides.
export function show(moving) {
	const frame = presentFrame();
	const { words, script } = state;

	drawControls();
	drawNow(frame, { notes: notesHere(), total: script.steps.length, words,
		brief: covered(),
		kernel: stories().find((story) => story.name === state.story)?.kernel });
	drawPicture(moving);
	markStep(frame?.index ?? -1);
	byId('said').textContent = spoken(frame, script.steps.length, words);
}

function secret(index) {
	return state.guess.on && !state.guess.done.has(index) &&
		waitOf(state.script.steps[index]) !== null;
}

export function showTimeline() {
	drawTimeline(state.script, { secret, words: state.words,
		jump: (index) => goToStep(index) });
	markStep(presentFrame()?.index ?? -1);
}

// The script is another one: colours and places are forgotten.
export function forget() {
	hues = new Map();
	places = new Map();
}

// ------------------------------------------------------------- guessing

function answered(guess) {
	const { pending: index } = state.guess;
	const { script, words } = state;
	const { epolls } = presentFrame() ?? { epolls: [] };

	state.guess.pending = -1;
	state.guess.done.add(index);
	if (guess) {
		state.guess.all++;
		state.guess.right += isRight(script.steps[index], guess);
	}
	state.at = endOf(state.frames, index);
	showTimeline();
	show(true);
	if (!guess) {
		hideGuess();
		return;
	}
	tell(script.steps, index, epolls, guess,
		{ words, jump: goToStep, score: state.guess });
	byId('said').textContent = isRight(script.steps[index], guess)
		? words.guessRight
		: words.guessWrong(readable(script.steps[index].uepoll, words));
}

// Is there a wait to be guessed on the way to the frame AT? Then that is as far
// as one gets.
function stopToGuess(at) {
	const stop = state.frames.findIndex(
		(frame, i) => i <= at && secret(frame.index));

	if (stop < 0)
		return false;
	pause();
	state.at = stop - 1;
	state.guess.pending = state.frames[stop].index;
	show(true);
	const step = state.script.steps[state.guess.pending];
	const { epoll } = waitOf(step);

	ask(step, presentFrame()?.epolls.find((one) => one.name === epoll),
		{ answer: answered, words: state.words });
	byId('said').textContent = state.words.guessTitle(step.op);
	return true;
}

// --------------------------------------------------------------- moving

// To the frame AT, or as near as there is one.
export function go(at) {
	const to = Math.max(-1, Math.min(at, state.frames.length - 1));
	const moving = to === state.at + 1;

	state.guess.pending = -1;
	hideGuess();
	if (stopToGuess(to))
		return;
	state.at = to;
	show(moving);
}

export function goToStep(index) {
	go(endOf(state.frames, index));
}

export function pause() {
	clearInterval(state.timer);
	state.timer = 0;
	drawControls();
}

function tick() {
	go(state.at + 1);
	if (state.at >= state.frames.length - 1)
		pause();
}

export function playOrPause() {
	if (state.timer) {
		pause();
		return;
	}
	if (state.at >= state.frames.length - 1)
		go(-1);
	state.timer = setInterval(tick, PLAY_MS);
	tick();
}

// Guess mode on or off: what was shown already is no secret.
export function setGuessing(on) {
	state.guess.on = on;
	for (let i = 0; i <= (presentFrame()?.index ?? -1); i++)
		state.guess.done.add(i);
	showTimeline();
	go(state.at);
}
