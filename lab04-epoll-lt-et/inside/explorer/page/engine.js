// uepoll, its parser and its photographs, compiled to WebAssembly. All that is
// known about epoll is known in there; this file moves bytes in and out.

import { byId } from './dom.js';

const MOST_BYTES = 4 << 20;

let compiled = null;

function bytesOf(base64) {
	return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

function compile() {
	compiled ??= WebAssembly.compile(bytesOf(byId('wasm').textContent));
	return compiled;
}

// Four calls are all that the C library asks of the world. Nothing is written
// but a last word about missing memory.
const world = {
	fd_close: () => 0,
	fd_seek: () => 52,
	fd_write: () => 52,
	proc_exit: (status) => {
		throw new Error(`uepoll ended with status ${status}`);
	},
};

async function instance() {
	const imports = { wasi_snapshot_preview1: world };
	const wasm = await WebAssembly.instantiate(await compile(), imports);

	wasm.exports._initialize();
	return wasm.exports;
}

// The string that ends with NUL at ADDRESS; null for NULL.
function stringAt(c, address) {
	if (!address)
		return null;
	const memory = new Uint8Array(c.memory.buffer);
	return new TextDecoder().decode(
		memory.subarray(address, memory.indexOf(0, address)));
}

function loadInto(c, bytes) {
	const room = c.explorer_room(bytes.length);

	new Uint8Array(c.memory.buffer, room, bytes.length).set(bytes);
	return JSON.parse(stringAt(c, c.explorer_load(bytes.length)));
}

// Reads a script, which is bytes, and plays it to its end: each step's JSON goes
// to VISIT as text. Resolves to what explorer_load() says (explorer.h), or to
// { error: { line, text } }.
export async function play(bytes, visit) {
	if (bytes.length > MOST_BYTES)
		return { error: { line: 1, text:
			`expected at most ${MOST_BYTES} bytes, got ${bytes.length}` } };
	try {
		const c = await instance();
		const script = loadInto(c, bytes);

		for (let i = 0; !script.error && i < script.steps; i++)
			visit(stringAt(c, c.explorer_step()));
		return script;
	} catch (problem) {
		return { error: { line: 1, text: String(problem.message) } };
	}
}

// The same, with the steps as objects: { title, notes, steps: [...] }.
export async function run(bytes) {
	const steps = [];
	const script = await play(bytes, (text) => steps.push(JSON.parse(text)));

	return script.error ? script : { ...script, steps };
}

// How each operation of the language is written: "add EPOLL NAME MASK".
export async function usages() {
	const c = await instance();
	const all = [];

	for (let i = 0, usage; (usage = stringAt(c, c.explorer_usage(i))); i++)
		all.push(usage);
	return all;
}
