// Bad input: a message at its place, and the page stays alive. A script cannot
// run code.

import { install, visit } from './look.mjs';
import { check, same } from './report.mjs';

const EVIL = [
	'# <img src=x onerror=globalThis.hacked=1> </title><script>hacked=1</script>',
	'note <img src=x onerror="globalThis.hacked=1"><svg onload=hacked=1>',
	'note </script><script>globalThis.hacked = 1</script>',
	'stream a<img/src=x> b"onload=x', "epoll e'><b>", "epoll x$" + "{alert(1)}",
	"add e'><b> a<img/src=x> IN|ET", 'write b"onload=x 3', "wait e'><b> 4", '',
].join('\n');

const base64url = (text) => Buffer.from(text).toString('base64url');
const LONG = 'epoll e\n' + 'wait e 1\n'.repeat(100000);

// Nothing foreign is in the page, nothing ran, and a story can be played.
async function isAlive(page, what) {
	await page.run(install);
	const state = await page.run(async () => {
		const foreign = document.querySelectorAll(
			'img, b b, main script, iframe, object, embed, [onerror], [onload]');
		const select = document.getElementById('story');

		select.value = 'et-stall';
		select.dispatchEvent(new Event('change'));
		while (globalThis.explorer.state.story !== 'et-stall' ||
				globalThis.explorer.state.frames.length !== 12)
			await new Promise((done) => setTimeout(done, 5));
		globalThis.look.click('forward');
		return { hacked: globalThis.hacked ?? null, foreign: foreign.length,
			at: globalThis.explorer.state.at };
	});

	same(`${what}: the page stays alive, and nothing ran`, state,
		{ hacked: null, foreign: 0, at: 0 });
}

async function fragment(page, url, what, text, said) {
	await visit(page, url, text, () =>
		document.getElementById('notice').textContent);
	const notice = await page.run(() => globalThis.look.text('notice'));

	check(`fragment, ${what}: it is said`, notice.includes(said), notice);
	await isAlive(page, `fragment, ${what}`);
}

async function typeText(page, text) {
	return page.run(async (script) => {
		const field = document.getElementById('script');
		const place = document.getElementById('mistake');

		place.textContent = '';
		field.value = script;
		field.dispatchEvent(new Event('input'));
		while (!place.textContent)
			await new Promise((done) => setTimeout(done, 5));
		return place.textContent;
	}, text);
}

async function checkEvilScript(page, url) {
	await visit(page, url, `#script=${base64url(EVIL)}`);
	const title = await page.run(() => {
		globalThis.look.click('last');
		return { shown: globalThis.look.text('timeline'),
			nodes: globalThis.look.picture().epolls.map((e) => e.name) };
	});

	check('a script full of HTML is shown as text', title.shown.includes(
		'<img src=x onerror="globalThis.hacked=1">') &&
		title.nodes.includes("e'><b>"), title);
	await isAlive(page, 'a script full of HTML');
}

async function checkShapes(page, url) {
	const no = 'The link holds no script';

	await fragment(page, url, 'not of ours', '#whatever', no);
	await fragment(page, url, 'not base64', '#script=%%%', no);
	await fragment(page, url, 'empty script', '#script=', no);
	await fragment(page, url, 'HTML', '#<img src=x onerror=hacked=1>', no);
	await fragment(page, url, 'a bad step', '#story=et-stall&step=-1', no);
	await fragment(page, url, 'an unknown story', '#story=nope',
		'no story “nope”');
	await fragment(page, url, 'not UTF-8',
		`#script=${Buffer.from([0x23, 0xff, 0xfe, 0x0a]).toString('base64url')}`,
		'has a mistake');
	await fragment(page, url, 'text that is no script',
		`#script=${base64url('hello, world\n')}`, 'has a mistake');
	await fragment(page, url, 'a script of 100,000 lines',
		`#script=${base64url(LONG)}`, 'has a mistake');
}

async function checkEditor(page, url) {
	await visit(page, url, '#story=et-stall');
	const long = await typeText(page, LONG);

	same('editor, 100,000 lines: the limit is told at its line', long,
		'Line 1001: expected at most 1000 operations and notes, got one more');
	await isAlive(page, 'editor, 100,000 lines');
	const wide = await typeText(page, `note ${'x'.repeat(1 << 20)}\n`);

	same('editor, a line of a megabyte', wide, 'No mistakes.');
	await isAlive(page, 'editor, a line of a megabyte');
	same('editor, nothing', await typeText(page, ''),
		'Line 1: expected an operation, got nothing');
	await isAlive(page, 'editor, nothing');
}

export async function checkHostile(page, url) {
	await checkEvilScript(page, url);
	await checkShapes(page, url);
	await checkEditor(page, url);
}
