import {beforeAll, describe, expect, test} from 'vitest';
import {findAccessibilityProblems} from '../support/axe.ts';
import {useListenerPage, type ListenerPage} from '../support/listener-page.ts';

const listenerPage = useListenerPage();
let site: ListenerPage;
let page: ListenerPage['page'];

beforeAll(() => {
  site = listenerPage.current();
  page = site.page;
});

describe('accessibility by axe-core', () => {
  const situations: Readonly<Record<string, () => Promise<void>>> = {
    idle: async () => {},
    loading: () => site.enter({name: 'loading'}),
    'listening, a keyword heard': async () => {
      await site.enter({name: 'listening', microphone: 'live'});
      await site.hear('yes');
    },
    muted: () => site.enter({name: 'listening', microphone: 'muted'}),
    failed: () => site.enter({name: 'failed', code: 'not-allowed'}),
    unverified: async () => {
      await page.evaluate(() => {
        const {fake} = globalThis;
        fake.info = {...fake.info!, weights: {sha256: '00', verified: false, what: 'an unverified file'}};
      });
      await site.enter({name: 'ready'});
    },
  };

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    test.each(Object.entries(situations))('finds nothing: %s', async (_, arrange) => {
      await page.emulateMedia({colorScheme, reducedMotion: 'reduce'}); // no colours half way
      await site.openWithFake();
      await arrange();
      expect(await findAccessibilityProblems(page)).toEqual([]);
    });
  });

  test('would find something: the check sees into the element', async () => {
    await site.openWithFake();
    await page.evaluate(() => globalThis.listener.renderRoot.querySelector('button')!.replaceChildren());
    expect(await findAccessibilityProblems(page)).toEqual([expect.stringContaining('button-name')]);
  });
});

describe('the button', () => {
  test('takes the focus by Tab, shows it, and works by Enter and by Space', async () => {
    await site.openWithFake();
    await page.keyboard.press('Tab');
    const outline = await site.button().evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    expect(await page.evaluate(() => globalThis.fake.calls)).toEqual(['start', 'stop']);
  });

  test('gets the focus that the page gives to the element', async () => {
    await site.openWithFake();
    await page.evaluate(() => {
      globalThis.listener.focus();
    });
    expect(await site.button().evaluate((element) => element.matches(':focus'))).toBe(true);
  });

  test('says what a press does, and is described by the state', async () => {
    await site.openWithFake();
    const read = async (): Promise<string> => page.locator('kws-listener').ariaSnapshot();
    expect(await read()).toContain('button "Listen"');
    await site.enter({name: 'listening', microphone: 'live'});
    expect(await read()).toContain('button "Stop"');
    await site.enter({name: 'failed', code: 'device-lost'});
    expect(await read()).toContain('button "Try again"');
    expect(await site.button().getAttribute('aria-describedby')).toBe(
      await site.part('status').locator('..').getAttribute('id'),
    );
  });

  test('does nothing while it stops', async () => {
    await site.openWithFake();
    await site.enter({name: 'stopping'});
    await site.button().click();
    expect(await page.evaluate(() => globalThis.fake.calls)).toEqual([]);
  });

  test('has the words that the page puts into its slots', async () => {
    await site.openWithFake();
    await page.evaluate(() => {
      globalThis.listener.innerHTML = '<span slot="listen">Zuhören</span><p>Danke</p>';
    });
    expect(await page.locator('kws-listener').ariaSnapshot()).toContain('button "Zuhören"');
    expect(await page.getByText('Danke').isVisible()).toBe(true);
  });
});

describe('the live region', () => {
  const region = (): ReturnType<ListenerPage['part']> => page.locator('kws-listener [role="log"]');

  test('says each detection, equal ones in a row each time', async () => {
    await site.openWithFake();
    await site.hear('yes', 'yes', 'no');
    expect(await region().locator('p').allTextContents()).toEqual(['Heard yes', 'Heard yes', 'Heard no']);
  });

  test('says nothing again when the element renders again', async () => {
    await site.openWithFake();
    await site.hear('yes');
    const mutations = await page.evaluate(async () => {
      const {listener} = globalThis;
      let count = 0;
      const observer = new MutationObserver((records) => {
        count += records.length;
      });
      const options = {childList: true, characterData: true, subtree: true};
      observer.observe(listener.renderRoot.querySelector('[role="log"]')!, options);
      for (const compact of [true, false, true]) {
        listener.compact = compact;
        await listener.updateComplete;
      }
      const countBefore = count;
      const times = {startTime: 500, endTime: 900, latencyMs: 40};
      const detection = {keyword: 'no', score: 0.9, threshold: 0.75, engine: 'tfjs float32', ...times};
      globalThis.fake.dispatchEvent(new globalThis.earshot.KwsDetectEvent(detection));
      await listener.updateComplete;
      return {byRendering: countBefore, byDetection: count - countBefore};
    });
    expect(mutations).toEqual({byRendering: 0, byDetection: 1});
  });

  test('says that listening began and ended, and why it failed', async () => {
    await site.openWithFake();
    await site.button().click();
    await site.button().click();
    await site.enter({name: 'failed', code: 'device-lost'});
    expect(await region().locator('p').allTextContents()).toEqual([
      'Listening.',
      'Microphone off.',
      expect.stringContaining('The microphone was taken away. Plug it in again'),
    ]);
  });

  test('is never visible, keeps little and forgets it', async () => {
    await site.openWithFake();
    await site.hear(...Array.from({length: 20}, () => 'yes'));
    expect(await region().locator('p').count()).toBe(8);
    const box = await region().boundingBox();
    expect([box?.width, box?.height]).toEqual([1, 1]);
    await expect.poll(() => region().locator('p').count(), {timeout: 8000}).toBe(0);
  });
});
