// axe-core finds nothing to complain of, in any state of the page.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { visit } from './look.mjs';
import { same } from './report.mjs';

const AXE = readFileSync(join(process.env.NODE_FOLDER,
	'node_modules/axe-core/axe.min.js'), 'utf8');

// In the page: what axe finds, a line each.
async function findings() {
	const { violations } = await globalThis.axe.run(document);

	return violations.flatMap(({ id, nodes }) => nodes.map((node) =>
		`${id}: ${node.target.join(' ')} (${node.failureSummary})`));
}

const STATES = {
	'the opening': ['', () => {}],
	'a story': ['#story=lt-rotation&step=11', () => {
		document.getElementById('in-words').open = true;
	}],
	'the editor with a mistake': ['#story=et-stall&step=3', async () => {
		globalThis.look.click('edit');
		document.getElementById('script').value = 'oops\n';
		document.getElementById('script').dispatchEvent(new Event('input'));
		while (!document.querySelector('#mistake button'))
			await new Promise((done) => setTimeout(done, 5));
	}],
	'a question': ['#story=05-order', () => {
		for (let i = 0; i < 11; i++)
			globalThis.look.click('forward');
	}],
	'a wrong guess': ['#story=02-edge', () => {
		for (let i = 0; i < 6; i++)
			globalThis.look.click('forward');
		globalThis.look.click('guess-now');
	}],
	'what if, a link, Chinese': ['#story=exclusive&step=8&lang=zh', async () => {
		globalThis.look.click('what-if-compare');
		globalThis.look.click('share-link');
		await new Promise((done) => setTimeout(done, 100));
	}],
	'a link that is none': ['#nothing', () => {}],
};

export async function checkAxe(page, url) {
	for (const [theme, width] of [['light', 1280], ['dark', 390]])
		for (const [what, [fragment, act]] of Object.entries(STATES)) {
			await page.media({ 'prefers-color-scheme': theme,
				'prefers-reduced-motion': 'reduce' });
			await page.size(width, 900);
			await visit(page, url, fragment);
			await page.run(act);
			await page.client.Runtime.evaluate({ expression: AXE });
			same(`axe, ${theme}, ${width} px: ${what}`, await page.run(findings),
				[]);
		}
	await page.size(1280, 900);
}
