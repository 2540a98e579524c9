import {beforeAll, describe, expect, test} from 'vitest';
import {useListenerPage, type ListenerPage} from '../support/listener-page.ts';

const listenerPage = useListenerPage();
let site: ListenerPage;
let page: ListenerPage['page'];

beforeAll(() => {
  site = listenerPage.current();
  page = site.page;
});

describe('the state', () => {
  test.each([
    ['idle', {name: 'idle'}, 'Microphone off', ['idle']],
    ['loading', {name: 'loading'}, 'Loading the model…', ['loading']],
    ['starting', {name: 'starting'}, 'Waiting for the microphone…', ['starting']],
    ['live', {name: 'listening', microphone: 'live'}, 'Listening', ['listening']],
    ['muted', {name: 'listening', microphone: 'muted'}, 'Microphone muted', ['listening', 'muted']],
    [
      'suspended',
      {name: 'listening', microphone: 'suspended'},
      'Waiting for a click',
      ['listening', 'suspended'],
    ],
    [
      'interrupted',
      {name: 'listening', microphone: 'interrupted'},
      'Interrupted',
      ['listening', 'interrupted'],
    ],
    ['failed', {name: 'failed', code: 'network'}, 'Not listening', ['failed']],
  ] as const)('%s shows in words, an icon and :state()', async (_, state, words, states) => {
    await site.openWithFake();
    await site.enter(state);
    expect(await site.part('status').innerText()).toBe(words);
    expect(await site.part('status').locator('svg path').getAttribute('d')).toMatch(/^M/);
    const all = [
      'idle',
      'loading',
      'ready',
      'starting',
      'listening',
      'stopping',
      'failed',
      'muted',
      'suspended',
    ];
    const shown = await page.evaluate(
      (names) => names.filter((name) => globalThis.listener.matches(`:state(${name})`)),
      [...all, 'interrupted'],
    );
    expect(shown).toEqual(states);
  });

  test('failed tells what happened and what to do, and the button tries again', async () => {
    await site.openWithFake();
    await site.enter({name: 'failed', code: 'not-allowed'});
    const error = await site.part('error').innerText();
    expect(error).toContain('This page may not use the microphone.');
    expect(error).toContain('Allow the microphone in the site settings');
    await site.part('error').locator('summary').click();
    expect(await site.part('error').innerText()).toContain('not-allowed: got this, expected that');
    await site.button().click();
    expect(await page.evaluate(() => globalThis.fake.calls)).toEqual(['start']);
    expect(await site.part('error').count()).toBe(0);
  });

  test('loading shows how much of the download is there', async () => {
    await site.openWithFake();
    await site.enter({name: 'loading'});
    await page.evaluate(async () => {
      const {KwsProgressEvent} = globalThis.earshot;
      globalThis.fake.dispatchEvent(new KwsProgressEvent({phase: 'download', loaded: 25, total: 100}));
      await globalThis.listener.updateComplete;
    });
    expect(await site.part('progress').getAttribute('value')).toBe('0.25');
  });

  test('weights that no card lists are marked', async () => {
    await site.openWithFake();
    expect(await site.part('unverified').count()).toBe(0);
    await page.evaluate(() => {
      const {fake} = globalThis;
      fake.info = {...fake.info!, weights: {sha256: '00', verified: false, what: 'an unverified file'}};
    });
    await site.enter({name: 'ready'});
    expect(await site.part('unverified').innerText()).toMatch(/unverified/i);
    expect(await page.evaluate(() => globalThis.listener.matches(':state(unverified)'))).toBe(true);
  });
});

describe('the keywords', () => {
  test('light up when heard, marked by more than colour, and go out', async () => {
    await site.openWithFake();
    expect(await site.part('keyword').allInnerTexts()).toEqual(['yes', 'no', 'stop']);
    await site.hear('no');
    expect(await site.part('heard').allInnerTexts()).toEqual(['no']);
    expect(
      await site.part('heard').evaluate((element) => getComputedStyle(element, '::after').content),
    ).toContain('✓');
    expect(await page.evaluate(() => globalThis.listener.matches(':state(heard)'))).toBe(true);
    await expect.poll(() => site.part('heard').count(), {timeout: 4000}).toBe(0);
  });

  test('are those of the attribute, else all of the system before anything is loaded', async () => {
    await site.open('keywords="yes stop"');
    expect(await site.part('keyword').allInnerTexts()).toEqual(['yes', 'stop']);
    await page.evaluate(async () => {
      globalThis.listener.removeAttribute('keywords');
      await globalThis.listener.updateComplete;
    });
    expect(await site.part('keyword').count()).toBe(10);
  });

  test('are not shown where the page wants it compact', async () => {
    await site.openWithFake('compact');
    expect(await site.part('keywords').count()).toBe(0);
    expect(await site.part('status').innerText()).toBe('Microphone off');
  });

  test('stand out with forced colours', async () => {
    await page.emulateMedia({forcedColors: 'active', reducedMotion: 'reduce'});
    await site.openWithFake();
    await site.hear('no');
    const colours = await site
      .part('keyword')
      .evaluateAll((items) => items.map((item) => getComputedStyle(item).backgroundColor));
    expect(new Set(colours).size).toBe(2);
  });
});
