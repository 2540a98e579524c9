import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium, type BrowserContext, type Page} from 'playwright-core';
import {findChromium} from '../../scripts/find-chromium.mjs';

/** How the browser is to be started. */
export interface ChromiumOptions {
  /** WAV file that plays as the microphone, from its start at each `getUserMedia`. Without it: no microphone. */
  readonly microphoneWav?: string;
  /** Whether the file starts again at its end. Otherwise its last 10 ms are repeated, so end it with silence. */
  readonly loop?: boolean;
  /** Whether a GPU may be used; otherwise Chromium looks for none. */
  readonly gpu?: boolean;
  /** Whether pages may install a service worker; otherwise every request goes to the server. */
  readonly serviceWorker?: boolean;
  readonly extraArgs?: readonly string[];
}

/** A running Chromium with one page and a profile of its own. */
export interface Chromium {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Uncaught errors, console errors and violated policies of the pages and their workers, as they happened. */
  readonly problems: readonly string[];
  /** Stops the browser and removes its profile; may be called again. */
  close(): Promise<void>;
}

const quietArgs = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a headless Chromium with a fresh profile.
 * @throws Error where no Chromium is found.
 */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Chromium> {
  const executablePath = await findChromium();
  if (executablePath === undefined) {
    throw new Error('no Chromium found: install one, or name one in EARSHOT_CHROMIUM (npm test does both)');
  }
  const profile = await mkdtemp(join(tmpdir(), 'earshot-chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    serviceWorkers: options.serviceWorker ? 'allow' : 'block',
    args: [
      ...quietArgs,
      ...(options.gpu ? [] : ['--disable-gpu']),
      ...microphoneArgs(options),
      ...(options.extraArgs ?? []),
    ],
  });
  const problems: string[] = [];
  context.on('weberror', (event) => problems.push(`uncaught: ${event.error().message}`));
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()}`);
  });
  return {
    context,
    page: context.pages()[0] ?? (await context.newPage()),
    problems,
    close: async () => {
      await context.close();
      await rm(profile, {recursive: true, force: true});
    },
  };
}

function microphoneArgs({microphoneWav, loop = false}: ChromiumOptions): readonly string[] {
  if (microphoneWav === undefined) return [];
  return [
    '--use-fake-ui-for-media-stream', // grants the permission without asking
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-audio-capture=${microphoneWav}${loop ? '' : '%noloop'}`,
  ];
}
