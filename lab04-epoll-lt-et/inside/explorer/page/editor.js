// The editor: a text field with the parser's own complaints at their lines.

import { byId, make } from './dom.js';

const MOST_NUMBERS = 2000;
const PAUSE_MS = 150;

let mistakeLine = 0;

// The numbers beside the text; the mistake's is marked. Past the first two
// thousand nobody looks at them.
function drawNumbers() {
	const text = byId('script').value;
	const n = Math.min(text.split('\n').length, MOST_NUMBERS);
	const rows = [];

	for (let i = 1; i <= n; i++)
		rows.push(make(i === mistakeLine ? 'mark' : 'span', {}, `${i}\n`));
	byId('lines').replaceChildren(...rows);
	byId('lines').scrollTop = byId('script').scrollTop;
}

// Selects the line N of the script.
function selectLine(n) {
	const field = byId('script');
	const lines = field.value.split('\n');
	const start = lines.slice(0, n - 1).join('\n').length + (n > 1 ? 1 : 0);

	field.focus();
	field.setSelectionRange(start, start + (lines[n - 1] ?? '').length);
}

// Shows the parser's ERROR ({ line, text }) at its place; null: there is none.
export function showMistake(error, words) {
	const place = byId('mistake');

	mistakeLine = error?.line ?? 0;
	byId('script').setAttribute('aria-invalid', String(Boolean(error)));
	place.classList.toggle('wrong', Boolean(error));
	if (error)
		place.replaceChildren(make('button', { class: 'link',
			onclick: () => selectLine(error.line) },
		words.atLine(error.line, error.text)));
	else
		place.textContent = words.noErrors;
	drawNumbers();
}

export function setScript(text) {
	byId('script').value = text;
	drawNumbers();
}

export function drawReference(usages, words) {
	const rows = [];

	for (const usage of usages) {
		const verb = usage.split(' ', 1)[0];

		rows.push(make('dt', {}, make('code', {}, usage)),
			make('dd', {}, words.says[verb] ?? ''));
	}
	byId('reference').replaceChildren(...rows);
}

// CHANGED(text) is called when the writer has paused; OPENED(bytes) with a
// file's content, as it is.
export function listenToEditor(changed, opened) {
	const field = byId('script');
	let timer = 0;

	field.addEventListener('input', () => {
		clearTimeout(timer);
		timer = setTimeout(() => changed(field.value), PAUSE_MS);
	});
	field.addEventListener('scroll', () => {
		byId('lines').scrollTop = field.scrollTop;
	});
	byId('open-file').addEventListener('change', async (event) => {
		const [file] = event.target.files;

		if (file)
			opened(new Uint8Array(await file.arrayBuffer()));
	});
}
