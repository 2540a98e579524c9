import {beforeAll, describe, expect, test} from 'vitest';
import {findAccessibilityProblems} from '../support/axe.ts';
import {useTranscriptPage, type TranscriptPage} from '../support/transcript-page.ts';

const transcriptPage = useTranscriptPage();
let site: TranscriptPage;
let page: TranscriptPage['page'];

beforeAll(() => {
  site = transcriptPage.current();
  page = site.page;
});

describe('accessibility by axe-core', () => {
  const situations: Readonly<Record<string, () => Promise<void>>> = {
    idle: async () => {},
    loading: () => site.enter({name: 'loading'}),
    'listening, something said and something being said': async () => {
      await site.enter({name: 'listening', microphone: 'live'});
      await site.hear('one is sure and two? is not');
      await site.seem('this stands ', 'and this may change');
    },
    'more said than fits': async () => {
      for (let line = 0; line < 20; line++) await site.hear('again', line * 1000);
    },
    'reading a file': () => site.enter({name: 'transcribing'}),
    failed: () => site.enter({name: 'failed', code: 'not-allowed'}),
  };

  describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
    test.each(Object.entries(situations))('finds nothing: %s', async (_, arrange) => {
      await page.emulateMedia({colorScheme, reducedMotion: 'reduce'}); // no colours half way
      await site.openWithFake('timestamps');
      await arrange();
      expect(await findAccessibilityProblems(page)).toEqual([]);
    });
  });

  test('would find something: the check sees into the element', async () => {
    await site.openWithFake();
    await page.evaluate(() => globalThis.transcript.renderRoot.querySelector('button')!.replaceChildren());
    expect(await findAccessibilityProblems(page)).toEqual([expect.stringContaining('button-name')]);
  });
});

describe('the keyboard', () => {
  test('reaches the button, the text, copy, format and download, and each shows the focus', async () => {
    await site.openWithFake();
    await site.hear('something');
    const parts: unknown[] = [];
    for (let step = 0; step < 5; step++) {
      await page.keyboard.press('Tab');
      parts.push(
        await page.evaluate(() => {
          const focused = globalThis.transcript.shadowRoot!.activeElement!;
          return [focused.part.value, getComputedStyle(focused).outlineStyle];
        }),
      );
    }
    const reached = ['button', 'transcript', 'copy', 'format', 'download'];
    expect(parts).toEqual(reached.map((part) => [part, 'solid']));
  });

  test('passes by what is empty', async () => {
    await site.openWithFake();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => globalThis.transcript.matches(':focus-within'))).toBe(false);
  });

  test('begins and ends listening by Enter and by Space', async () => {
    await site.openWithFake();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Space');
    expect(await page.evaluate(() => globalThis.fakeTranscriber.calls)).toEqual(['start', 'stop']);
  });

  test('gets to the button where the page gives the element the focus', async () => {
    await site.openWithFake();
    await page.evaluate(() => {
      globalThis.transcript.focus();
    });
    expect(await site.button().evaluate((element) => element.matches(':focus'))).toBe(true);
  });
});

describe('the live region', () => {
  const lines = (): Promise<string[]> => page.locator('live-transcript [role="log"] p').allTextContents();

  test('says each final text, and nothing of partials', async () => {
    await site.openWithFake();
    await site.seem('', 'good');
    await site.seem('good ', 'mourning');
    await site.hear('good morning?');
    await site.hear('good morning?', 2000);
    expect(await lines()).toEqual(['good morning', 'good morning']);
  });

  test('is the only one that is not hidden: partials are, and the text on show is not live', async () => {
    await site.openWithFake();
    await site.hear('said');
    await site.seem('', 'being said');
    const tree = await page.locator('live-transcript').ariaSnapshot();
    expect(tree).toContain('said');
    expect(tree).not.toContain('being said');
    expect(
      await page.evaluate(() => {
        const live = '[aria-live], [role="log"], [role="status"], [role="alert"], output';
        return globalThis.transcript.renderRoot.querySelectorAll(live).length;
      }),
    ).toBe(1);
  });

  test('says nothing again when the element renders again', async () => {
    await site.openWithFake();
    await site.hear('said? once');
    const mutations = await page.evaluate(async () => {
      const {transcript} = globalThis;
      let count = 0;
      const observer = new MutationObserver((records) => {
        count += records.length;
      });
      const options = {childList: true, characterData: true, subtree: true};
      observer.observe(transcript.renderRoot.querySelector('[role="log"]')!, options);
      for (const threshold of [0, 1]) {
        transcript.confidenceThreshold = threshold;
        transcript.timestamps = threshold === 1;
        await transcript.updateComplete;
      }
      return count;
    });
    expect(mutations).toBe(0);
  });

  test('says that listening began, that a file has been read, and why it failed', async () => {
    await site.openWithFake();
    await site.button().click();
    await site.enter({name: 'transcribing'});
    await site.enter({name: 'ready'});
    await site.enter({name: 'failed', code: 'device-lost'});
    expect(await lines()).toEqual([
      'Listening.',
      'Transcribing the file…',
      'The file has been read.',
      expect.stringContaining('The microphone was taken away.'),
    ]);
  });
});

describe('looks', () => {
  test('a reader with less movement asked for sees nothing move', async () => {
    await page.emulateMedia({reducedMotion: 'reduce'});
    await site.openWithFake();
    await site.enter({name: 'listening', microphone: 'live'});
    await site.seem('this ', 'and that');
    await site.hear('this and that');
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);
    expect(await site.part('copy').evaluate((element) => getComputedStyle(element).transitionProperty)).toBe(
      'none',
    );
  });

  test('nothing is wider than a page of 320 pixels, a word of 80 letters neither', async () => {
    const {width, height} = page.viewportSize()!;
    await page.setViewportSize({width: 320, height: 640});
    await site.openWithFake('timestamps');
    await site.hear(`${'a'.repeat(80)} ${'b'.repeat(80)}?`);
    await site.enter({name: 'failed', code: 'csp-blocked'});
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await page.setViewportSize({width, height});
  });

  test('are coloured by custom properties', async () => {
    await site.openWithFake();
    await page.evaluate(() => {
      globalThis.transcript.style.setProperty('--transcript-accent', 'rgb(1, 2, 3)');
    });
    expect(await site.button().evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(
      'rgb(1, 2, 3)',
    );
  });
});
