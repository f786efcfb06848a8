// Counts what was checked, and prints it as the other checks do.

import { isDeepStrictEqual } from 'node:util';

let passed = 0;
let failed = 0;

function short(value) {
	const text = typeof value === 'string' ? value : JSON.stringify(value);

	return text?.length > 600 ? `${text.slice(0, 600)} ...` : text;
}

export function check(what, ok, ...details) {
	if (ok) {
		passed++;
		console.log(`ok    ${what}`);
		return;
	}
	failed++;
	console.log(`FAIL  ${what}`);
	for (const detail of details)
		console.log(`      ${short(detail)}`);
}

// GOT is, deeply, what was WANTED.
export function same(what, got, wanted) {
	check(what, isDeepStrictEqual(got, wanted), 'got:', got, 'expected:', wanted);
}

export function finish() {
	console.log(`count: ${passed} passed, ${failed} failed`);
	return failed === 0;
}
