// A Chromium without a window, and one page in it. All that the page asks for,
// and all that goes wrong in it, is written down.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// The packages are in a folder of their own: NODE_FOLDER has node_modules.
const require = createRequire(join(process.env.NODE_FOLDER, 'x'));
const CDP = require('chrome-remote-interface');

const FLAGS = ['--headless=new', '--remote-debugging-port=0', '--no-first-run',
	'--no-default-browser-check', '--disable-gpu', '--disable-extensions',
	'--disable-background-networking', '--disable-component-update',
	'--disable-sync', '--disable-dev-shm-usage', '--mute-audio',
	'--hide-scrollbars', '--lang=en-US', 'about:blank'];

// Resolves to the port and the browser's own path, once Chromium has written
// them down.
function addressOf(folder, child) {
	const file = 'DevToolsActivePort';

	return new Promise((resolve, reject) => {
		const look = () => {
			try {
				const [port, path] = readFileSync(join(folder, file), 'utf8')
					.split('\n');

				if (path) {
					watcher.close();
					resolve([Number(port), path]);
				}
			} catch { /* not yet */ }
		};
		const watcher = watch(folder, look);

		child.on('exit', (code) => {
			watcher.close();
			reject(new Error(`chromium ended with status ${code}`));
		});
		look();
	});
}

export async function startBrowser() {
	const folder = mkdtempSync(join(tmpdir(), 'explorer-'));
	const root = process.getuid() === 0 ? ['--no-sandbox'] : [];
	const child = spawn(process.env.CHROMIUM ?? 'chromium',
		[`--user-data-dir=${folder}`, ...root, ...FLAGS], { stdio: 'ignore' });
	const gone = new Promise((resolve) => child.on('close', resolve));
	process.on('exit', () => child.kill('SIGKILL'));
	const [port, path] = await addressOf(folder, child);

	return {
		port,
		async stop() {
			const client = await CDP({ target: `ws://127.0.0.1:${port}${path}` });

			await client.Browser.close();
			await gone;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

// A new page of BROWSER, WIDTH times HEIGHT CSS pixels.
export async function openPage(browser, width = 1280, height = 900) {
	const target = await CDP.New({ port: browser.port });
	const client = await CDP({ port: browser.port, target });
	const { Page, Runtime, Network, Emulation, Log } = client;
	const page = { client, requests: [], problems: [] };

	Network.requestWillBeSent(({ request }) => page.requests.push(request.url));
	Runtime.exceptionThrown(({ exceptionDetails: details }) => page.problems.push(
		details.exception?.description ?? details.text));
	Log.entryAdded(({ entry }) => page.problems.push(entry.text));
	Page.javascriptDialogOpening(({ message }) => {
		page.problems.push(`a dialog: ${message}`);
		Page.handleJavaScriptDialog({ accept: true });
	});
	await Promise.all([Page.enable(), Runtime.enable(), Network.enable(),
		Log.enable()]);

	page.size = (w, h) => Emulation.setDeviceMetricsOverride(
		{ width: w, height: h, deviceScaleFactor: 1, mobile: false });
	page.media = (features) => Emulation.setEmulatedMedia({ features:
		Object.entries(features).map(([name, value]) => ({ name, value })) });
	page.goto = async (url) => {
		const loaded = Page.loadEventFired();

		await Page.navigate({ url });
		await loaded;
	};
	// What FUNCTION, which may be async and is sent as text, returns for ARGS.
	page.run = async (fn, ...args) => {
		const { result, exceptionDetails } = await Runtime.evaluate({
			expression: `(${fn})(...${JSON.stringify(args)})`,
			awaitPromise: true, returnByValue: true });

		if (exceptionDetails)
			throw new Error(exceptionDetails.exception?.description ??
				exceptionDetails.text);
		return result.value;
	};
	// Waits until FUNCTION, asked at each frame of the page, returns true.
	page.until = (fn, ...args) => page.run(`(...args) => new Promise((done, no) => {
		const began = performance.now();
		const look = () => {
			if ((${fn})(...args))
				done(true);
			else if (performance.now() - began > 30000)
				no(new Error('waited in vain for ' + ${JSON.stringify(String(fn))}));
			else
				setTimeout(look, 5);
		};
		look();
	})`, ...args);
	page.press = async (key) => {
		await client.Input.dispatchKeyEvent({ type: 'keyDown', key,
			text: key.length === 1 ? key : undefined });
		await client.Input.dispatchKeyEvent({ type: 'keyUp', key });
	};
	page.close = async () => {
		await CDP.Close({ port: browser.port, id: target.id });
		await client.close();
	};
	await page.size(width, height);
	return page;
}
