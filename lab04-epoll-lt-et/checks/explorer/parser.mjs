// The editor's complaints are the parser's, at its lines.

import { visit } from './look.mjs';
import { same } from './report.mjs';
import { scope } from './native.mjs';

const GOOD = 'stream a b\nepoll e\nadd e a IN\n';

const BAD = [
	'nonsense\n', `${GOOD}write zz 1\n`, 'stream a\n', 'epoll 1e\n', 'epoll\n',
	`${GOOD}add e a IN|NOPE\n`, `${GOOD}add e a\n`, `${GOOD}wait e\n`,
	`${GOOD}wait e 65\n`, `${GOOD}wait e -1\n`, `${GOOD}wait e 4 during\n`,
	`${GOOD}wait e 4 during 0 write b 1\n`, `${GOOD}wait e 4 later\n`,
	`${GOOD}wait e 4 during 1 close b\n`, `${GOOD}write b x\n`,
	`${GOOD}write b 99999999999999999999\n`, `${GOOD}shut a up\n`,
	`${GOOD}read a 1 2\n`, `${GOOD}=> 3\n`, 'epoll averyveryverylongname\n',
	'# title\n\n# more\nepoll e\n\nadd e f IN\n', `${GOOD}thread e 4\n`,
	'epoll <img/src=x>\n', `${GOOD}add e <b>x</b> IN\n`,
	`${GOOD}wait e "><script>\n`,
	`${Array.from({ length: 65 }, (_, i) => `epoll n${i}`).join('\n')}\n`,
	`${GOOD}write 数 1\n`, 'epoll é\n',
];

const BYTES = [
	[0xff], [0x65, 0x80, 0x0a], [0x23, 0x20, 0xc0, 0xaf, 0x0a],
	[...Buffer.from(GOOD), ...Buffer.from('note '), 0xe4, 0xb8, 0x0a],
	[...Buffer.from(GOOD), 0x00, 0x0a], [0xed, 0xa0, 0x80],
	[0xf4, 0x90, 0x80, 0x80],
];

const native = (bytes) => scope(bytes).errors;

export async function checkParser(page, url) {
	await visit(page, url, '#story=et-stall');
	for (const script of BAD) {
		const shown = await page.run(async (text) => {
			const field = document.getElementById('script');
			const place = document.getElementById('mistake');

			place.textContent = '';
			field.value = text;
			field.dispatchEvent(new Event('input'));
			while (!place.textContent)
				await new Promise((done) => setTimeout(done, 5));
			return { said: place.textContent,
				marked: document.querySelector('#lines mark')?.textContent };
		}, script);
		const error = native(Buffer.from(script));
		const [line] = error.split(':');

		same(`editor: ${JSON.stringify(script.slice(-30))}`, shown,
			{ said: `Line ${error}`, marked: `${line}\n` });
	}
	for (const bytes of BYTES) {
		const { error } = await page.run((all) =>
			globalThis.explorer.run(Uint8Array.from(all)), bytes);

		same(`bytes: ${Buffer.from(bytes).toString('hex').slice(-20)}`,
			`${error?.line}: ${error?.text}`, native(Buffer.from(bytes)));
	}
	const usages = await page.run(() => [...document.querySelectorAll(
		'#reference dt')].map((dt) => dt.textContent));

	same('the reference has every operation', usages.length, 18);
}
