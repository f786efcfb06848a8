// What epoll-scope and the fuzzer make of scripts, on this machine.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';

const { SCOPE, RECORD } = process.env;

// The stories in FOLDER: [ { name, bytes } ].
export function scriptsIn(folder) {
	return readdirSync(folder).filter((file) => file.endsWith('.uep')).sort()
		.map((file) => ({ name: basename(file, '.uep'),
			bytes: readFileSync(join(folder, file)) }));
}

// Plays BYTES: { status, json, errors }; errors are without the file's name.
export function scope(bytes) {
	const folder = mkdtempSync(join(tmpdir(), 'explorer-'));
	const file = join(folder, 'script');

	writeFileSync(file, bytes);
	const { status, stdout, stderr } = spawnSync(SCOPE, [file, '--json'],
		{ maxBuffer: 1 << 28 });

	rmSync(folder, { recursive: true });
	return { status, json: stdout.length ? JSON.parse(stdout) : null,
		errors: stderr.toString().trimEnd().replace(`${file}:`, '') };
}

// Random scripts: [ { script, answers, digests } ]; see record.c.
export function randomScripts(count, seed) {
	const { status, stdout } = spawnSync(RECORD, [String(count), String(seed)],
		{ maxBuffer: 1 << 28 });

	if (status !== 0)
		throw new Error('record failed');
	return stdout.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
}
