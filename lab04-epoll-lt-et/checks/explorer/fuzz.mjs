// The fuzzer's scripts give in WebAssembly what they give here: each answer, and
// all that is in each step's JSON.

import { visit } from './look.mjs';
import { check } from './report.mjs';
import { randomScripts } from './native.mjs';

const BATCH = 100;

// In the page: plays SCRIPTS; returns the first difference, or null.
async function playAll(scripts) {
	const digest = (text) => {
		let hash = 2166136261;

		for (const byte of new TextEncoder().encode(text))
			hash = Math.imul(hash ^ byte, 16777619);
		return hash >>> 0;
	};

	for (const { script, answers, digests } of scripts) {
		let at = 0;
		let found = null;
		const said = await globalThis.explorer.play(
			new TextEncoder().encode(script), (text) => {
				const step = at++;

				if (!found && digest(text) !== digests[step])
					found = { script, step, text, answer: answers[step] };
			});

		if (said.error || at !== answers.length)
			return { script, error: said.error, at };
		if (found)
			return found;
	}
	return null;
}

export async function checkFuzz(page, url, count, seed) {
	console.log(`seed ${seed}`);
	const scripts = randomScripts(count, seed);

	await visit(page, url, '#story=et-stall');
	for (let i = 0; i < scripts.length; i += BATCH) {
		const difference = await page.run(playAll, scripts.slice(i, i + BATCH));

		check(`random scripts ${i + 1} to ${Math.min(i + BATCH, count)}: the ` +
			'same in WebAssembly', !difference, difference);
	}
}
