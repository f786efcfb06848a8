// SPDX-License-Identifier: MIT
//
// Draws the diagrams: for each FOLDER/HASH.mmd without a picture, FOLDER/HASH.svg.
//
//	node draw.mjs MERMAID.JS FOLDER
//
// Status 1 if mermaid refuses one, with its name and what it said.

import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from './browser.mjs';

const [mermaid, folder] = process.argv.slice(2);
const todo = readdirSync(folder).filter((name) => name.endsWith('.mmd') &&
	!existsSync(join(folder, name.replace('.mmd', '.svg'))));
let status = 0;

if (todo.length > 0) {
	const browser = new Browser();

	await browser.open(800, 600);
	await browser.value(readFileSync(mermaid, 'utf8') + `
		; mermaid.initialize({ startOnLoad: false, theme: 'neutral',
			fontFamily: 'system-ui, sans-serif' });`);
	for (const name of todo) {
		const text = readFileSync(join(folder, name), 'utf8');
		const hash = name.replace('.mmd', '');

		try {
			const svg = await browser.value(`mermaid.render(
				${JSON.stringify(`d${hash}`)},
				${JSON.stringify(text)}).then((drawn) => drawn.svg)`);

			writeFileSync(join(folder, `${hash}.svg`), svg);
		} catch (error) {
			console.error(`${name}: ${error.message}\n${text}`);
			status = 1;
		}
	}
	await browser.close();
}
process.exit(status);
