// A link holds all that it shows, behind the "#": nothing is sent anywhere.
//
//	#story=et-stall&step=7		a story; steps count from 1
//	#script=BASE64URL&step=3	a script of one's own, its bytes
//	#lang=zh			may stand beside both

import { byId } from './dom.js';

function toBase64url(bytes) {
	let text = '';

	for (const byte of bytes)
		text += String.fromCharCode(byte);
	return btoa(text).replaceAll('+', '-').replaceAll('/', '_')
		.replaceAll('=', '');
}

// The bytes, whatever they are; null if TEXT is no base64url.
function fromBase64url(text) {
	if (!/^[A-Za-z0-9_-]+$/.test(text))
		return null;
	try {
		const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));

		return Uint8Array.from(plain, (c) => c.charCodeAt(0));
	} catch {
		return null;
	}
}

// What stands in a fragment: { story, bytes, step, lang, bad }, what is not said
// is null. bad: there is something that is none of ours.
export function readFragment(fragment) {
	const said = { story: null, bytes: null, step: null, lang: null, bad: false };
	const parts = fragment.replace(/^#/, '').split('&').filter(Boolean);

	for (const part of parts) {
		const [key, value = ''] = part.split('=');

		if (key === 'story' && /^[a-z0-9-]+$/.test(value))
			said.story = value;
		else if (key === 'script')
			said.bytes = fromBase64url(value);
		else if (key === 'step' && /^[0-9]{1,6}$/.test(value))
			said.step = Number(value);
		else if (key === 'lang' && /^(en|zh)$/.test(value))
			said.lang = value;
		else
			said.bad = true;
		if (key === 'script' && !said.bytes)
			said.bad = true;
	}
	return said;
}

// The fragment for a story's name, or for the bytes of a script.
export function fragmentFor({ story, bytes, step, lang }) {
	const what = story ? `story=${story}` : `script=${toBase64url(bytes)}`;

	return `#${what}${step > 0 ? `&step=${step}` : ''}` +
		`${lang === 'en' ? '' : `&lang=${lang}`}`;
}

// The picture as a file of its own, with the colours that it has now.
export function svgText(svg) {
	const text = new XMLSerializer().serializeToString(svg);
	const page = getComputedStyle(document.documentElement);
	const rules = byId('picture-style').textContent;
	const names = new Set(rules.match(/--[a-z0-9-]+/g));
	const colours = [...names].map((name) =>
		`${name}:${page.getPropertyValue(name).trim()}`);

	return text.replace(/^<svg[^>]*>/, (tag) => `${tag}<style>` +
		`svg{${colours.join(';')};background:var(--back)}${rules}</style>`);
}

// Hands TEXT out as a file.
export function save(name, type, text) {
	const link = document.createElement('a');

	link.href = URL.createObjectURL(new Blob([text], { type }));
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
