// What is shown now. One object, changed here and in player.js only.

import { LANGUAGES } from './words.js';

export const state = {
	words: LANGUAGES.en,
	theme: 'auto',
	// The script, as text and as the bytes it came as; story is its name among
	// the stories, null for one of one's own.
	story: null,
	text: '',
	bytes: new Uint8Array(),
	// What uepoll made of it; without steps while the script has a mistake.
	script: { title: '', notes: [], steps: [] },
	frames: [],
	at: -1, // which frame; -1: nothing has happened yet
	// Guess mode: the waits that were guessed; pending is the step asked about.
	guess: { on: false, done: new Set(), pending: -1, right: 0, all: 0 },
	timer: 0, // of Play; 0: it stands still
};

// A new script: nothing was guessed yet.
export function forgetGuesses() {
	Object.assign(state.guess,
		{ done: new Set(), pending: -1, right: 0, all: 0 });
}

export function presentFrame() {
	return state.frames[state.at] ?? null;
}
