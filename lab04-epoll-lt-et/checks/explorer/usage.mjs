// What a reader does: keys, guessing on and off, what if, sharing, languages,
// sizes; and that what moves can be seen moving.

import { release } from 'node:os';

import { visit } from './look.mjs';
import { check, same } from './report.mjs';
import { scope } from './native.mjs';

async function checkKeys(page, url) {
	const at = () => page.run(() => globalThis.explorer.state.at);
	const seen = [];

	await visit(page, url, '#story=et-stall');
	for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'End', 'Home']) {
		await page.press(key);
		seen.push(await at());
	}
	same('keys: forward, forward, back, end, home', seen, [0, 1, 0, 11, -1]);
	await page.press('e');
	check('keys: e opens the editor', await page.run(() =>
		!document.getElementById('editor').hidden));
	await page.press('g');
	check('keys: g begins to guess', await page.run(() =>
		globalThis.explorer.state.guess.on));
	await page.press('g');
	await page.press('p');
	await page.until(() => globalThis.explorer.state.at >= 0);
	await page.press('p');
	check('keys: p plays and pauses', await page.run(() =>
		globalThis.explorer.state.timer === 0));
	const before = await at();

	await page.run(() => document.getElementById('script').focus());
	await page.press('ArrowRight');
	same('keys: in the editor they are the editor\'s', await at(), before);
	check('keys: whatever can be pressed can be reached', await page.run(() =>
		[...document.querySelectorAll('button, select, textarea, input, a')]
			.every((one) => one.tabIndex >= 0)));
}

// A note is shown at the step before it, which it can tell of, and until the next.
async function checkNotes(page, url) {
	await visit(page, url, '#story=et-stall');
	const shown = await page.run(() => [3, 4, 5, 6].map((index) => {
		globalThis.explorer.goToStep(index);
		return [...document.querySelectorAll('#note p')].map(
			(note) => note.textContent.split(' ', 2).join(' '));
	}));

	same('notes: the one before a step, and the one behind it', shown, [
		['Edge-triggered and'], ['Edge-triggered and', 'Told once.'],
		['Told once.'], ['Told once.', 'There are']]);
}

async function checkMotion(page, url) {
	const moving = () => page.run(() => {
		globalThis.explorer.goToStep(3);
		globalThis.look.click('forward');
		return document.getAnimations().filter((one) =>
			one.effect.target.closest('#canvas')).length;
	});

	await page.media({ 'prefers-reduced-motion': 'no-preference' });
	await visit(page, url, '#story=lt-rotation');
	await page.run(() => globalThis.explorer.goToStep(9));
	const glided = await page.run(() => {
		globalThis.look.click('forward');
		return document.getAnimations().map((one) => [
			one.effect.target.dataset.text,
			one.effect.getKeyframes().some((frame) => frame.transform)])
			.filter(([, moves]) => moves).map(([text]) => text);
	});

	check('motion: a reported item glides to the tail, others move up',
		['a', 'b', 'c'].every((name) => glided.includes(name)), glided);
	await page.media({ 'prefers-reduced-motion': 'reduce' });
	same('motion: none where it is not wanted', await moving(), 0);
}

async function checkWhatIf(page, url, etStall) {
	await visit(page, url, '#story=et-stall');
	const said = await page.run(async () => {
		const says = document.getElementById('what-if-says');

		document.querySelector('#what-if-form input[value="LT"]').click();
		globalThis.look.click('what-if-compare');
		while (!says.textContent.trim())
			await new Promise((done) => setTimeout(done, 5));
		return says.textContent;
	});
	const was = scope(etStall).json.steps;
	const now = scope(etStall.toString().replace('IN|ET', 'IN')).json.steps;
	const first = was.findIndex((step, i) => step.uepoll !== now[i].uepoll);

	check('what if: the first answer that differs is the native one',
		said.includes(`step ${first + 1}, ${now[first].op}: ` +
			`${now[first].uepoll}. It was: ${was[first].uepoll}.`), said);
	const shown = await page.run(async () => {
		globalThis.look.click('what-if-show');
		while (globalThis.explorer.state.story !== null ||
				globalThis.explorer.state.at < 0)
			await new Promise((done) => setTimeout(done, 5));
		return { ...globalThis.look.frame(),
			text: globalThis.explorer.state.text.includes('add e server IN\n'),
			notes: globalThis.explorer.state.script.notes };
	});

	same('what if: the changed story is shown there, without notes that do not ' +
		'hold any more', shown,
	{ index: first, phase: 'end', text: true, notes: [] });
}

async function checkMaxevents(page, url) {
	await visit(page, url, '#story=lt-rotation');
	const said = await page.run(async () => {
		const choice = document.getElementById('what-if-target');
		const says = document.getElementById('what-if-says');

		choice.selectedIndex = choice.options.length - 1;
		choice.dispatchEvent(new Event('change'));
		document.querySelector('#what-if-form input').value = '2';
		globalThis.look.click('what-if-compare');
		while (!says.textContent.trim())
			await new Promise((done) => setTimeout(done, 5));
		return says.textContent;
	});

	check('what if: another maxevents', said.includes(
		'step 11, wait e 2: 2 a:IN b:IN. It was: 1 a:IN.'), said);
}

const OWN = '# 我的 story\nstream a b\nepoll e\nadd e a IN|ET\nwrite b 1\nwait e 4\n';

async function checkShare(page, url) {
	await visit(page, url,
		`#script=${Buffer.from(OWN).toString('base64url')}&step=2`);
	const first = await page.run(async () => {
		globalThis.explorer.goToStep(3);
		globalThis.look.click('share-link');
		await new Promise((done) => setTimeout(done, 50));
		return { link: document.getElementById('link').value,
			ask: globalThis.look.text('told') };
	});

	check('a script of one\'s own says how to ask the kernel',
		/To ask yours, .* play it with \.\/course scope/.test(first.ask), first.ask);
	await visit(page, first.link, '', () => globalThis.explorer.state.at === 3);
	same('share: the link brings the script and the step back',
		await page.run(() => [globalThis.explorer.state.text,
			globalThis.explorer.state.at]), [OWN, 3]);
	const address = await page.run(async () => {
		const field = document.getElementById('script');

		field.value += 'wait e 1\n';
		field.dispatchEvent(new Event('input'));
		while (globalThis.explorer.state.text !== field.value ||
			globalThis.explorer.state.script.steps.length !== 6)
			await new Promise((done) => setTimeout(done, 5));
		await new Promise((done) => setTimeout(done, 50));
		return location.hash;
	});

	check('share: a script that was changed is in the address, so a reload keeps it',
		address.startsWith(`#script=${
			Buffer.from(`${OWN}wait e 1\n`).toString('base64url')}`),
		address);
	const svg = await page.run(async () => {
		const make = URL.createObjectURL;
		let blob = null;

		URL.createObjectURL = (one) => {
			blob = one;
			return make.call(URL, one);
		};
		globalThis.look.click('share-svg');
		const text = await blob.text();
		const parsed = new DOMParser().parseFromString(
			text.replace(/<style>[^<]*<\/style>/, ''), 'image/svg+xml');

		return { type: blob.type, root: parsed.documentElement.localName,
			error: parsed.querySelector('parsererror') !== null,
			colours: /--ink: ?#[0-9a-f]{6}/.test(text),
			item: text.includes('data-text="a"') };
	});

	same('share: the picture is an SVG that stands by itself', svg,
		{ type: 'image/svg+xml', root: 'svg', error: false, colours: true,
			item: true });
}

async function checkLanguages(page, url) {
	await visit(page, url, '#story=et-stall&step=5');
	const zh = await page.run(() => {
		globalThis.look.click('language');
		globalThis.look.click('edit');
		return { lang: document.documentElement.lang,
			title: globalThis.look.text('time-title'),
			step: globalThis.look.text('step'),
			at: globalThis.explorer.state.at,
			holes: [...document.querySelectorAll('[data-word]')].filter(
				(one) => !one.textContent).length,
			undefined: document.body.innerText.includes('undefined') };
	});

	same('Chinese: labels, the same step, no holes', zh, { lang: 'zh-Hans',
		title: '时间线', step: '第 5 步，共 12 步: wait e 8', at: 4, holes: 0,
		undefined: false });
}

async function checkSizes(page, url) {
	for (const [width, height] of [[390, 844], [768, 1024], [1280, 900],
		[3840, 2160]])
		for (const fragment of ['', '#story=exclusive&step=20',
			'#story=nested&step=19', '#story=10-dup']) {
			await page.size(width, height);
			await visit(page, url, fragment);
			const over = await page.run(() => {
				if (!document.getElementById('explore').hidden)
					globalThis.look.click('edit');
				return document.documentElement.scrollWidth - innerWidth;
			});

			check(`size: ${width} px hold ${fragment || 'the opening'}`, over <= 0,
				over);
		}
	await page.size(1280, 900);
}

async function checkOpening(page, url) {
	await visit(page, url, '');
	same('it opens with one minute, in three pictures, before any list',
		await page.run(() => [document.getElementById('minute').hidden,
			document.getElementById('explore').hidden,
			document.querySelectorAll('#minute svg').length]), [false, true, 3]);
	same('and leads to the story of the stall', await page.run(() => {
		globalThis.look.click('start');
		return [document.getElementById('explore').hidden,
			globalThis.explorer.state.story];
	}), [false, 'et-stall']);
}

async function checkRecorded(page, url) {
	const [version] = /^[0-9.]+/.exec(release());

	await visit(page, url, '#story=et-stall&step=5');
	check('the kernel\'s version stands beside its answer', await page.run(
		(text) => globalThis.look.text('told').includes(text),
		`recorded on Linux ${version}`), version);
}

export async function checkUsage(page, url, etStall) {
	await checkOpening(page, url);
	await checkRecorded(page, url);
	await checkKeys(page, url);
	await checkNotes(page, url);
	await checkMotion(page, url);
	await checkWhatIf(page, url, etStall);
	await checkMaxevents(page, url);
	await checkShare(page, url);
	await checkLanguages(page, url);
	await checkSizes(page, url);
}
