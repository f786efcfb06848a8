// SPDX-License-Identifier: MIT
//
// A Chromium without a window, spoken to over a pair of pipes in the language of
// its developer tools: JSON, a NUL behind each message.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FLAGS = ['--headless=new', '--remote-debugging-pipe', '--no-first-run',
	'--disable-gpu', '--disable-extensions', '--disable-dev-shm-usage',
	'--disable-background-networking', '--disable-component-update',
	'--disable-sync', '--hide-scrollbars', '--lang=en-US', 'about:blank'];

export class Browser {
	constructor() {
		const root = process.getuid() === 0 ? ['--no-sandbox'] : [];

		this.folder = mkdtempSync(join(tmpdir(), 'site-browser-'));
		this.child = spawn('chromium',
			[`--user-data-dir=${this.folder}`, ...root, ...FLAGS],
			{ stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
		this.gone = new Promise((resolve) => this.child.on('close', resolve));
		this.waiting = new Map();
		this.listeners = new Map();
		this.last = 0;
		this.text = '';
		this.child.stdio[3].on('error', () => {}); // it has gone: see below
		this.child.stdio[4].setEncoding('utf8');
		this.child.stdio[4].on('data', (data) => this.#take(data));
		this.gone.then(() => {
			for (const { reject } of this.waiting.values())
				reject(new Error('chromium has ended'));
		});
	}

	#take(data) {
		const messages = (this.text + data).split('\0');

		this.text = messages.pop();
		for (const message of messages.map((m) => JSON.parse(m))) {
			const asked = this.waiting.get(message.id);

			this.waiting.delete(message.id);
			if (asked && message.error)
				asked.reject(new Error(message.error.message));
			else if (asked)
				asked.resolve(message.result);
			else
				this.listeners.get(message.method)?.(message.params);
		}
	}

	// Says METHOD with PARAMS, to the page once there is one.
	say(method, params = {}) {
		const id = ++this.last;

		return new Promise((resolve, reject) => {
			this.waiting.set(id, { resolve, reject });
			this.child.stdio[3].write(JSON.stringify({
				id, method, params, sessionId: this.session }) + '\0');
		});
	}

	on(event, listener) {
		this.listeners.set(event, listener);
	}

	// Opens the page that all else is about, WIDTH times HEIGHT CSS pixels.
	async open(width, height) {
		const { targetId } = await this.say('Target.createTarget',
			{ url: 'about:blank' });

		({ sessionId: this.session } = await this.say('Target.attachToTarget',
			{ targetId, flatten: true }));
		await this.say('Page.enable');
		await this.say('Runtime.enable');
		await this.say('Log.enable');
		await this.say('Emulation.setDeviceMetricsOverride',
			{ width, height, deviceScaleFactor: 1, mobile: width < 600 });
	}

	// Goes to URL and waits until it is loaded.
	async go(url) {
		const loaded = new Promise((resolve) =>
			this.on('Page.loadEventFired', resolve));
		const { errorText } = await this.say('Page.navigate', { url });

		if (errorText)
			throw new Error(`${url}: ${errorText}`);
		await loaded;
	}

	// The value of EXPRESSION, a promise's when it is kept.
	async value(expression) {
		const { result, exceptionDetails: details } = await this.say(
			'Runtime.evaluate',
			{ expression, awaitPromise: true, returnByValue: true });

		if (details)
			throw new Error(details.exception?.description ?? details.text);
		return result.value;
	}

	async close() {
		this.session = undefined;
		await this.say('Browser.close').catch(() => {});
		await this.gone;
		rmSync(this.folder, { recursive: true, force: true });
	}
}
