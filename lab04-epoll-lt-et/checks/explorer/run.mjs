// Checks the page in a Chromium without a window. In the environment:
//
//	PAGE		the page, a file
//	STORIES, PUZZLES	the folders of the scripts that it came with
//	SCOPE, RECORD	epoll-scope and explorer-record
//	NODE_FOLDER	where node_modules is
//	CHROMIUM	the browser, if it is not called chromium
//	SCRIPTS, SEED	how many random scripts (1000), and which

import { statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { checkAxe } from './axe.mjs';
import { openPage, startBrowser } from './browser.mjs';
import { checkFuzz } from './fuzz.mjs';
import { checkGuess } from './guess.mjs';
import { checkHostile } from './hostile.mjs';
import { visit } from './look.mjs';
import { scriptsIn } from './native.mjs';
import { checkParser } from './parser.mjs';
import { check, finish, same } from './report.mjs';
import { checkStories } from './stories.mjs';
import { checkUsage } from './usage.mjs';

const { env } = process;
const url = pathToFileURL(env.PAGE).href;
const stories = scriptsIn(env.STORIES);
const puzzles = scriptsIn(env.PUZZLES);
const etStall = stories.find(({ name }) => name === 'et-stall').bytes;

const parts = {
	stories: (page) => checkStories(page, url, [...stories, ...puzzles]),
	parser: (page) => checkParser(page, url),
	fuzz: (page) => checkFuzz(page, url, Number(env.SCRIPTS ?? 1000),
		Number(env.SEED ?? Date.now() % 1000000)),
	guess: (page) => checkGuess(page, url, puzzles),
	usage: (page) => checkUsage(page, url, etStall),
	axe: (page) => checkAxe(page, url),
	hostile: (page) => checkHostile(page, url),
	policy: (page) => checkPolicy(page),
};

// Nothing but the page itself was asked for, and nothing went wrong in it.
function checkQuiet(name, page) {
	const foreign = page.requests.filter((one) => one.split('#')[0] !== url &&
		one !== 'about:blank' && !one.startsWith('data:'));

	same(`${name}: no request leaves`, foreign, []);
	same(`${name}: nothing went wrong in the page`, page.problems, []);
}

// Not even if somebody tries: the page's own policy refuses it.
async function checkPolicy(page) {
	await visit(page, url, '#story=et-stall');
	same('requests are refused', await page.run(async () => {
		const image = new Image();
		const refused = [await fetch('http://127.0.0.1:9/').catch(
			() => 'refused')];

		image.src = 'http://127.0.0.1:9/x.png';
		refused.push(await new Promise((done) => {
			image.onload = () => done('loaded');
			image.onerror = () => done('refused');
		}));
		return refused;
	}), ['refused', 'refused']);
	check('and it is the policy that does it', page.problems.length >= 2 &&
		page.problems.every((one) => one.includes('Content Security Policy')),
	page.problems);
	page.problems = [];
	page.requests = page.requests.filter((one) => !one.includes(':9/'));
}

check('the page has less than 300 KB', statSync(env.PAGE).size < 300000,
	statSync(env.PAGE).size);
const browser = await startBrowser();

try {
	const wanted = process.argv.slice(2);

	for (const [name, part] of Object.entries(parts)) {
		if (wanted.length && !wanted.includes(name))
			continue;
		const began = Date.now();
		const page = await openPage(browser);

		await page.media({ 'prefers-reduced-motion': 'reduce' });
		await part(page);
		checkQuiet(name, page);
		await page.close();
		console.log(`${name}: ${Date.now() - began} ms`);
	}
} finally {
	await browser.stop();
}
process.exitCode = finish() ? 0 : 1;
