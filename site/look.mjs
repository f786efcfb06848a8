// SPDX-License-Identifier: MIT
//
// Looks at pages of the site in Chromium, as wide as a phone, and prints a line
// "ok    ..." or "FAIL  ..." for each thing that has to hold.
//
//	node look.mjs URL PAGE...	URL: of the site, with a slash at its end

import { Browser } from './browser.mjs';

const WIDTH = 360;
const [site, ...pages] = process.argv.slice(2);
const browser = new Browser();
let problems = [];
let failed = 0;

function check(what, good, saw = '') {
	console.log(`${good ? 'ok   ' : 'FAIL '} ${what}${good ? '' : `: ${saw}`}`);
	failed += good ? 0 : 1;
}

// What is seen of the page that is open.
const seen = `(() => {
	const wide = (e) => e.getBoundingClientRect().right > innerWidth + 1 &&
		!e.closest('pre, .table, .diagram, .skip');
	const pictures = [...document.querySelectorAll('.diagram svg')];
	return {
		title: document.title,
		heading: document.querySelectorAll('h1').length,
		width: document.scrollingElement.scrollWidth,
		outside: [...document.querySelectorAll('body *')].filter(wide)
			.slice(0, 3).map((e) => e.outerHTML.slice(0, 80)),
		size: parseFloat(getComputedStyle(document.querySelector('main'))
			.fontSize),
		undrawn: document.querySelectorAll('pre.mermaid').length,
		empty: pictures.filter((e) => e.getBoundingClientRect().height < 40 ||
			e.textContent.trim() === '').length,
		pictures: pictures.length,
		styled: getComputedStyle(document.body).marginTop === '0px',
	};
})()`;

await browser.open(WIDTH, 740);
browser.on('Log.entryAdded', ({ entry }) => problems.push(entry.text));
browser.on('Runtime.exceptionThrown', ({ exceptionDetails: details }) =>
	problems.push(details.text));
let pictures = 0;
for (const page of pages) {
	problems = [];
	await browser.go(site + page);
	const saw = await browser.value(seen);

	pictures += saw.pictures;
	check(`${page}: has a title and its style`,
		saw.title.endsWith('Readylist') && saw.styled, saw.title);
	check(`${page}: fits a phone`, saw.width <= WIDTH &&
		saw.outside.length === 0, `${saw.width} wide, ${saw.outside}`);
	check(`${page}: is large enough to read`, saw.size >= 16, saw.size);
	check(`${page}: its ${saw.pictures} diagrams are drawn`,
		saw.undrawn === 0 && saw.empty === 0,
		`${saw.undrawn} not drawn, ${saw.empty} empty`);
	check(`${page}: nothing goes wrong`, problems.length === 0, problems);
}
// From chapter to chapter as a reader goes.
await browser.go(site);
for (let look = 0; look < 100; look++) { // index.html sends to README.html
	if (await browser.value("location.pathname.endsWith('README.html') && " +
		"document.readyState === 'complete'").catch(() => false))
		break;
	await new Promise((resolve) => setTimeout(resolve, 50));
}
const loaded = new Promise((resolve) => browser.on('Page.loadEventFired',
	resolve));
await browser.value("setTimeout(() => document.querySelector('nav a').click())");
await loaded;
check('the first chapter is a tap away',
	await browser.value("document.querySelector('h1').textContent") ===
	'The course', await browser.value('location.href'));
check('folded answers open', await browser.value(`(() => {
	const folded = document.querySelector('main details:not(.toc)');
	if (!folded) return location.href.includes('COURSE');
	folded.querySelector('summary').click();
	return folded.open;
})()`), 'it stays shut');
await browser.close();
console.log(`pictures: ${pictures}`);
process.exit(failed > 0 ? 1 : 0);
