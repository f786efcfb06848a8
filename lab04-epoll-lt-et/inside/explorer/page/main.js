// Wires the page: what the reader does goes to the player, the editor, the links.

import { byId, make } from './dom.js';
import { play, run, usages } from './engine.js';
import { drawReference, listenToEditor, setScript, showMistake } from './editor.js';
import { framesOf } from './frames.js';
import { drawMinute } from './minute.js';
import { drawPicture, lightUp, show, showTimeline } from './player.js';
import { forget, go, goToStep, pause, playOrPause, setGuessing } from './player.js';
import { fragmentFor, readFragment, save, svgText } from './share.js';
import { forgetGuesses, presentFrame, state } from './state.js';
import { stories, storyNamed } from './stories.js';
import { drawWhatIf } from './whatif.js';
import { LANGUAGES, titleOf } from './words.js';

const FIRST_STORY = 'et-stall';
const ADDRESS_MAX = 4096; // bytes of a script

let loads = 0; // how many scripts were put in

// ---------------------------------------------------------------- scripts

function notice(text) {
	byId('notice').textContent = text;
}

function showWhatIf() {
	drawWhatIf(state.text, state.script, { words: state.words,
		show: async (text, index) => {
			await load({ text });
			goToStep(index);
		} });
}

// Puts in a script: a story's name, or TEXT, or BYTES. Resolves to whether it
// could be played; if it could not, the last one that could stays.
async function load({ story = null, text = null, bytes = null }, typed) {
	const from = bytes ?? new TextEncoder().encode(text);
	const mine = ++loads;
	const script = await run(from);

	if (mine !== loads)
		return true; // a newer one is on its way
	pause();
	state.story = story;
	state.bytes = from;
	state.text = text ?? new TextDecoder().decode(from);
	if (!typed)
		setScript(state.text);
	showMistake(script.error ?? null, state.words);
	chooseStory();
	if (script.error)
		return false;
	state.script = script;
	state.frames = framesOf(script.steps);
	if (!typed)
		state.at = -1;
	forgetGuesses();
	forget();
	showTimeline();
	go(state.at);
	showWhatIf();
	rememberPlace();
	return true;
}

async function loadStory(name) {
	const { text, group } = storyNamed(name);

	notice('');
	setGuessMode(group === 'puzzles');
	await load({ story: name, text });
}

async function loadOwn(source) {
	notice('');
	if (!await load(source)) {
		notice(state.words.badScript);
		setEditor(true);
	}
}

// ------------------------------------------------------------------ place

// The address says where one is, so that a reload comes back to it. A script of
// one's own that is too long for that is in the link alone.
function rememberPlace() {
	if (byId('explore').hidden)
		return;
	history.replaceState(null, '',
		state.story || state.bytes.length <= ADDRESS_MAX
			? fragment() : location.href.split('#')[0]);
}

function fragment() {
	return fragmentFor({ story: state.story, bytes: state.bytes,
		step: (presentFrame()?.index ?? -1) + 1, lang: state.words.lang });
}

async function followFragment() {
	const said = readFragment(location.hash);

	if (said.lang)
		setLanguage(said.lang);
	if (said.bytes && !said.bad) {
		setView('explore');
		await loadOwn({ bytes: said.bytes });
	} else if (said.story && storyNamed(said.story)) {
		setView('explore');
		await loadStory(said.story);
	} else {
		const other = said.bad || said.story || said.bytes;

		setView(other ? 'explore' : 'minute');
		await loadStory(FIRST_STORY);
		if (said.story)
			notice(state.words.noStory(said.story));
	}
	if (said.bad)
		notice(state.words.badLink);
	if (said.step)
		goToStep(Math.min(said.step, state.script.steps.length) - 1);
	rememberPlace();
}

// ------------------------------------------------------------------- view

function setView(view) {
	byId('minute').hidden = view !== 'minute';
	byId('explore').hidden = view !== 'explore';
	byId('to-minute').hidden = view === 'minute';
	byId('to-explore').hidden = view === 'explore';
	if (view === 'explore')
		show(false);
}

function setEditor(open) {
	byId('editor').hidden = !open;
	byId('edit').setAttribute('aria-expanded', String(open));
	if (open)
		byId('editor').scrollIntoView({ block: 'nearest' });
}

const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

function setTheme(theme) {
	const system = systemIsDark.matches ? 'dark' : 'light';

	state.theme = theme;
	document.documentElement.dataset.theme = theme === 'auto' ? system : theme;
	byId('theme').textContent = state.words.theme[theme];
}

function setGuessMode(on) {
	byId('guess-mode').checked = on;
	state.guess.on = on;
}

function fillStories() {
	const { words } = state;
	const group = (label, kind) => make('optgroup', { label },
		...stories().filter((story) => story.group === kind).map((story) =>
			make('option', { value: story.name },
				titleOf(words, story.name, story.title))));

	byId('story').replaceChildren(group(words.stories, 'stories'),
		group(words.puzzles, 'puzzles'),
		make('option', { value: 'own' }, words.own));
	chooseStory();
}

// A long title is cut off in the list; the whole of it is its tip.
function chooseStory() {
	const list = byId('story');

	list.value = state.story ?? 'own';
	list.title = list.selectedOptions[0]?.textContent ?? '';
}

function setLanguage(lang) {
	const words = LANGUAGES[lang];

	state.words = words;
	document.documentElement.lang = lang === 'zh' ? 'zh-Hans' : 'en';
	document.title = words.title;
	byId('source').setAttribute('aria-label', words.code);
	for (const element of document.querySelectorAll('[data-word]'))
		element.textContent = words[element.dataset.word];
	for (const id of ['first', 'back', 'last'])
		byId(id).setAttribute('aria-label', words[id]);
	byId('position').setAttribute('aria-label', words.position);
	setTheme(state.theme);
	drawMinute(words);
	fillStories();
	usages().then((all) => drawReference(all, words));
}

function redrawAll() {
	showTimeline();
	go(state.at);
	showWhatIf();
}

// ------------------------------------------------------------------ sharing

async function shareLink() {
	const link = location.href.split('#')[0] + fragment();

	byId('link-field').hidden = false;
	byId('link').value = link;
	byId('link').select();
	try {
		await navigator.clipboard.writeText(link);
		byId('share-says').textContent = state.words.copied;
	} catch {
		byId('share-says').textContent = state.words.copyByHand;
	}
}

function shareSvg() {
	const svg = byId('canvas').querySelector('svg');

	if (svg)
		save('epoll.svg', 'image/svg+xml', svgText(svg));
}

// ---------------------------------------------------------------- listening

const NEXT_THEME = { auto: 'light', light: 'dark', dark: 'auto' };

const keys = {
	ArrowRight: () => go(state.at + 1),
	ArrowLeft: () => go(state.at - 1),
	Home: () => go(-1),
	End: () => go(state.frames.length - 1),
	p: playOrPause,
	g: () => byId('guess-mode').click(),
	e: () => byId('edit').click(),
	'?': () => byId('keys').scrollIntoView(),
};

// Keys are for the page unless something that takes keys has them.
function onKey(event) {
	const busy = event.target.closest?.('input, textarea, select');
	const plain = !event.ctrlKey && !event.altKey && !event.metaKey;

	if (busy?.type === 'checkbox' ? false : busy)
		return;
	if (!plain || byId('explore').hidden || !keys[event.key])
		return;
	event.preventDefault();
	if (event.key !== 'p')
		pause();
	keys[event.key]();
	rememberPlace();
}

function onClick(id, action) {
	byId(id).addEventListener('click', () => {
		action();
		rememberPlace();
	});
}

function listen() {
	onClick('first', () => go(-1));
	onClick('back', () => go(state.at - 1));
	onClick('forward', () => go(state.at + 1));
	onClick('last', () => go(state.frames.length - 1));
	onClick('play', playOrPause);
	onClick('edit', () => setEditor(byId('editor').hidden));
	onClick('to-minute', () => setView('minute'));
	onClick('to-explore', () => setView('explore'));
	onClick('start', () => setView('explore'));
	onClick('theme', () => setTheme(NEXT_THEME[state.theme]));
	onClick('language', () => {
		setLanguage(state.words.lang === 'en' ? 'zh' : 'en');
		redrawAll();
	});
	onClick('share-link', shareLink);
	onClick('share-svg', shareSvg);
	onClick('save-file', () => save('story.uep', 'text/plain', state.text));
	byId('position').addEventListener('input', (event) =>
		go(Number(event.target.value) - 1));
	byId('guess-mode').addEventListener('change', (event) =>
		setGuessing(event.target.checked));
	byId('story').addEventListener('change', (event) =>
		event.target.value === 'own' ? setEditor(true)
			: loadStory(event.target.value));
	document.addEventListener('keydown', onKey);
	byId('canvas').addEventListener('pointerover', (event) =>
		lightUp(event.target));
	addEventListener('hashchange', followFragment);
	systemIsDark.addEventListener('change', () => setTheme(state.theme));
	listenToEditor((text) => load({ text }, true),
		(bytes) => loadOwn({ bytes }));
	let width = 0;
	new ResizeObserver(() => {
		if (byId('canvas').clientWidth !== width)
			drawPicture(false);
		width = byId('canvas').clientWidth;
	}).observe(byId('canvas'));
}

function preferredLanguage() {
	return navigator.language.startsWith('zh') ? 'zh' : 'en';
}

setLanguage(preferredLanguage());
listen();
followFragment();

// For the console, and for those who check the page.
globalThis.explorer = { go, goToStep, play, readFragment, run, state };
