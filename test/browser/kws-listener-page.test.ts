import {beforeAll, describe, expect, test} from 'vitest';
import {card} from '../../src/systems/earshot-kws/card.ts';
import {useListenerPage, type ListenerPage} from '../support/listener-page.ts';

const listenerPage = useListenerPage();
let site: ListenerPage;
let page: ListenerPage['page'];

beforeAll(() => {
  site = listenerPage.current();
  page = site.page;
});

describe('the level meter', () => {
  /** Sends so many levels, 16 a frame, and counts what came of them. */
  const sendLevels = (frameCount: number) =>
    page.evaluate(async (count) => {
      const {fake, earshot, listener} = globalThis;
      const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      let renderings = 0;
      const requestUpdate = listener.requestUpdate.bind(listener);
      listener.requestUpdate = (...parameters) => {
        renderings++;
        requestUpdate(...parameters);
      };
      let drawings = 0;
      const observer = new MutationObserver((records) => {
        drawings += records.length;
      });
      observer.observe(listener.renderRoot.querySelector('.base')!, {attributeFilter: ['style']});
      for (let frame = 0; frame < count; frame++) {
        for (let index = 0; index < 16; index++) {
          fake.dispatchEvent(new earshot.KwsLevelEvent({level: -60 + ((frame * 7 + index) % 48)}));
        }
        await nextFrame();
      }
      return {renderings, drawings};
    }, frameCount);

  test('draws once a frame at most and never asks Lit to render', async () => {
    await site.openWithFake();
    await site.enter({name: 'listening', microphone: 'live'});
    const {renderings, drawings} = await sendLevels(20);
    expect(renderings).toBe(0);
    expect(drawings).toBeGreaterThanOrEqual(10);
    expect(drawings).toBeLessThanOrEqual(21);
  });

  test('moves the bar by its width, and is empty once listening ends', async () => {
    await site.openWithFake();
    await site.enter({name: 'listening', microphone: 'live'});
    await page.evaluate(async () => {
      globalThis.fake.dispatchEvent(new globalThis.earshot.KwsLevelEvent({level: -12}));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
    const share = async (): Promise<number> =>
      (await site.part('level').evaluate((bar) => bar.getBoundingClientRect().width)) /
      (await site.part('meter').evaluate((track) => track.getBoundingClientRect().width));
    expect(await share()).toBeGreaterThan(0.5);
    await site.enter({name: 'ready'});
    expect(await share()).toBe(0);
  });

  test('takes few steps where less movement is asked for, and nothing else moves', async () => {
    await page.emulateMedia({reducedMotion: 'reduce'});
    await site.openWithFake();
    await site.enter({name: 'listening', microphone: 'live'});
    await site.hear('yes');
    expect((await sendLevels(20)).drawings).toBeLessThanOrEqual(2);
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);
    expect(await site.part('heard').evaluate((element) => getComputedStyle(element).animationName)).toBe(
      'none',
    );
  });

  test('moves otherwise: the heard keyword has its animation', async () => {
    await site.openWithFake();
    await site.hear('yes');
    expect(await site.part('heard').evaluate((element) => getComputedStyle(element).animationName)).toBe(
      'heard',
    );
  });
});

describe('the page', () => {
  test('gets the events by bubbling, out of any shadow tree', async () => {
    await site.openWithFake();
    const heard = page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('kws-detect', (event) => {
            resolve([event.keyword, event.composed, event.target === globalThis.listener]);
          });
        }),
    );
    await site.hear('stop');
    expect(await heard).toEqual(['stop', true, true]);
  });

  test('changes the threshold while it listens, and gets the own one back', async () => {
    await site.openWithFake();
    await page.evaluate(async () => {
      const {listener} = globalThis;
      for (const set of [
        () => listener.setAttribute('threshold', '0.9'),
        () => listener.setAttribute('threshold', 'auto:4.5/h'),
        () => listener.removeAttribute('threshold'),
      ]) {
        set();
        await listener.updateComplete;
      }
    });
    expect(await page.evaluate(() => globalThis.fake.calls)).toEqual([
      'threshold 0.9',
      'threshold auto:4.5/h',
      'threshold 0.75',
    ]);
  });

  test('reads the number that a rate of false accepts has picked', async () => {
    await site.openWithFake();
    const told = await page.evaluate(async () => {
      const {listener, earshot} = globalThis;
      listener.spotter = new earshot.KeywordSpotter('earshot-kws', {threshold: 'auto:1000/h'});
      await listener.updateComplete;
      return listener.thresholdInForce;
    });
    expect(told).toBe(card.operatingCurve?.[0]?.threshold);
  });

  test('keeps its own spotter when the element leaves, and sees it again when it comes back', async () => {
    await site.openWithFake();
    const seen = await page.evaluate(async () => {
      const {listener, fake} = globalThis;
      const {parentElement} = listener;
      const counts: number[] = [];
      let count = 0;
      listener.addEventListener('kws-level', () => count++);
      for (const isIn of [true, false, true]) {
        if (isIn) parentElement!.append(listener);
        else listener.remove();
        fake.dispatchEvent(new globalThis.earshot.KwsLevelEvent({level: -20}));
        counts.push(count);
      }
      await listener.updateComplete;
      return {counts, calls: fake.calls};
    });
    expect(seen).toEqual({counts: [1, 1, 2], calls: []});
  });

  test('with autostart leaves alone what listens already', async () => {
    await site.openWithFake();
    await site.enter({name: 'listening', microphone: 'live'});
    const calls = await page.evaluate(async () => {
      const {listener, fake} = globalThis;
      const {parentElement} = listener;
      listener.autostart = true;
      listener.remove();
      parentElement!.append(listener);
      await listener.updateComplete;
      return fake.calls;
    });
    expect(calls).toEqual([]);
  });

  test('colours the parts by custom properties', async () => {
    await site.openWithFake();
    await page.evaluate(() => {
      globalThis.listener.style.setProperty('--kws-accent', 'rgb(1, 2, 3)');
    });
    expect(await site.button().evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(
      'rgb(1, 2, 3)',
    );
  });

  test.each([
    ['7', 'got threshold 7, expected 0.01…1'],
    ['loud', 'got threshold "loud", expected a number 0…1 or auto:RATE/h with a RATE above 0'],
    [
      'auto:1/h" model="micronet-large',
      'got threshold "auto:1/h", expected a number 0…1: the card of micronet-large has no operating curve',
    ],
  ])(
    'reads about its own mistakes: threshold="%s" is reported, not swallowed',
    async (threshold, message) => {
      await site.open(`threshold="${threshold}"`);
      const reported = page.evaluate(
        () =>
          new Promise((resolve) => {
            addEventListener('error', (event) => {
              event.preventDefault();
              resolve(String(event.error));
            });
          }),
      );
      await site.button().click();
      expect(await reported).toBe(`RangeError: ${message}`);
      listenerPage.forgiveProblems(); // it was to be reported
    },
  );
});
