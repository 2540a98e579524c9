import {beforeAll, describe, expect, test} from 'vitest';
import {useTranscriptPage, type TranscriptPage} from '../support/transcript-page.ts';

const transcriptPage = useTranscriptPage();
let site: TranscriptPage;
let page: TranscriptPage['page'];

beforeAll(() => {
  site = transcriptPage.current();
  page = site.page;
});

/** How far the text is scrolled from its end, in CSS pixels. */
const distanceFromEnd = () =>
  site.part('transcript').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);

async function fill(lineCount: number): Promise<void> {
  for (let line = 0; line < lineCount; line++) await site.hear(`line ${line}`, line * 1000);
}

describe('the text', () => {
  test('is empty at first, and says so in the words of the page', async () => {
    await site.openWithFake();
    expect(await site.part('empty').innerText()).toBe('Nothing has been said yet.');
    expect(await page.evaluate(() => globalThis.transcript.matches(':state(empty)'))).toBe(true);
    await page.evaluate(() => {
      globalThis.transcript.innerHTML = '<span slot="empty">Noch nichts</span>';
    });
    expect(await page.getByText('Noch nichts').isVisible()).toBe(true);
  });

  test('goes from partial to final: what stands is upright, what may change is not', async () => {
    await site.openWithFake();
    await site.seem('the quick ', 'brow');
    expect(await site.part('empty').count()).toBe(0);
    expect(await site.part('partial').innerText()).toBe('the quick brow');
    expect(await site.part('partial').getAttribute('aria-hidden')).toBe('true');
    const style = (part: string) =>
      site.part(part).evaluate((element) => getComputedStyle(element).fontStyle);
    expect([await style('stable'), await style('unstable')]).toEqual(['normal', 'italic']);
    await site.hear('the quick brown fox');
    expect(await site.part('partial').count()).toBe(0);
    expect(await site.part('utterance').allInnerTexts()).toEqual(['the quick brown fox']);
    expect(await page.evaluate(() => globalThis.transcript.text)).toBe('the quick brown fox');
  });

  test('loses a partial that nothing came of when listening ends', async () => {
    await site.openWithFake();
    await site.enter({name: 'listening', microphone: 'live'});
    await site.seem('', 'a cough');
    await site.enter({name: 'ready'});
    expect(await site.part('partial').count()).toBe(0);
    expect(await site.part('empty').count()).toBe(1);
  });

  test('marks words of low confidence by a dotted underline, a title, and a word for those who listen', async () => {
    await site.openWithFake();
    await site.hear('it fell in saskatchewan? today');
    const unsure = site.part('unsure');
    expect(await unsure.allTextContents()).toEqual(['saskatchewan']);
    expect(await unsure.getAttribute('title')).toBe('Unsure: 31 %');
    expect(await unsure.evaluate((element) => getComputedStyle(element).textDecorationStyle)).toBe('dotted');
    const devtools = await site.chromium.context.newCDPSession(page);
    const {nodes} = await devtools.send('Accessibility.getFullAXTree');
    const read = nodes.filter(({ignored, role}) => !ignored && role?.value === 'StaticText');
    expect(read.map(({name}) => String(name?.value))).toContain(' (unsure)');
  });

  test('marks by the threshold that the page sets, and none at 0', async () => {
    await site.openWithFake();
    await site.hear('one two? three');
    const marksAt = async (threshold: string): Promise<number> => {
      await page.evaluate(async (value) => {
        globalThis.transcript.setAttribute('confidence-threshold', value);
        await globalThis.transcript.updateComplete;
      }, threshold);
      return site.part('unsure').count();
    };
    expect([await marksAt('0'), await marksAt('0.3'), await marksAt('1'), await marksAt('')]).toEqual([
      0, 0, 3, 1,
    ]);
  });

  test('can be selected by the mouse, without the words for those who listen', async () => {
    await site.openWithFake();
    await site.hear('two? words');
    await site.part('utterance').click({clickCount: 3, position: {x: 9, y: 9}});
    expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe('two words');
  });

  test('has times where the page asks for them', async () => {
    await site.openWithFake('timestamps');
    await site.hear('soon', 1200);
    await site.hear('late', 3_725_000);
    expect(await site.part('time').allTextContents()).toEqual(['0:01', '1:02:05']);
    expect(await site.part('time').first().getAttribute('datetime')).toBe('PT1.2S');
  });

  test('goes on in time from run to run', async () => {
    await site.openWithFake();
    await site.enter({name: 'starting'});
    await site.hear('one', 1000);
    await site.enter({name: 'ready'});
    await site.enter({name: 'transcribing'});
    await site.hear('two', 500);
    const times = await page.evaluate(() =>
      globalThis.transcript.utterances.map(({startTime, words}) => [startTime, words[0]!.startTime]),
    );
    expect(times).toEqual([
      [1000, 1000],
      [1750, 1750],
    ]);
  });

  test('is forgotten by clear(), whatever was being said', async () => {
    await site.openWithFake();
    await site.hear('one');
    await site.seem('', 'tw');
    await page.evaluate(async () => {
      globalThis.transcript.clear();
      await globalThis.transcript.updateComplete;
    });
    expect(await site.part('utterance').count()).toBe(0);
    expect(await site.part('partial').count()).toBe(0);
    expect(await page.evaluate(() => [globalThis.transcript.text, globalThis.transcript.utterances])).toEqual(
      ['', []],
    );
    expect(await site.part('copy').isDisabled()).toBe(true);
  });
});

describe('the newest line', () => {
  test('stays in view as more is said', async () => {
    await site.openWithFake();
    await fill(20);
    expect(await distanceFromEnd()).toBeLessThan(1);
    await site.seem('one ', 'more');
    expect(await distanceFromEnd()).toBeLessThan(1);
  });

  test('leaves a reader alone who has scrolled up, and is followed again once he is back', async () => {
    await site.openWithFake();
    await fill(20);
    const scrollTo = (top: number) =>
      site.part('transcript').evaluate((box, value) => {
        box.scrollTop = value;
      }, top);
    await scrollTo(40);
    await fill(3);
    expect(await site.part('transcript').evaluate((box) => box.scrollTop)).toBe(40);
    await scrollTo(10_000);
    await fill(1);
    expect(await distanceFromEnd()).toBeLessThan(1);
  });
});

describe('keeping it', () => {
  const readClipboard = () => page.evaluate(() => navigator.clipboard.readText());

  test('copy puts the text on the clipboard and says so', async () => {
    await site.chromium.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await site.openWithFake();
    await site.hear('first? line');
    await site.hear('second line', 2000);
    await site.part('copy').click();
    await expect.poll(() => site.part('notice').innerText()).toBe('Copied');
    expect(await readClipboard()).toBe('first line\nsecond line');
    expect(await page.locator('live-transcript [role="log"] p').last().textContent()).toBe('Copied');
  });

  test('copy says why where the browser refuses, and what to do instead', async () => {
    await site.openWithFake();
    await site.hear('line');
    await page.evaluate(() => {
      navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await site.part('copy').click();
    await expect.poll(() => site.part('notice').innerText()).toMatch(/^Not copied: .* Select the text/);
  });

  test.each([
    ['Text', 'transcript.txt', 'so it goes\n'],
    ['SRT', 'transcript.srt', '1\n00:00:01,000 --> 00:00:01,850\nso it goes\n\n'],
    ['WebVTT', 'transcript.vtt', 'WEBVTT\n\n00:00:01.000 --> 00:00:01.850\nso it goes\n\n'],
    ['JSON', 'transcript.json', /"timeUnit": "ms"[^]*"text": "so it goes"/],
  ])('downloads as %s under the strict policy', async (format, name, content) => {
    await site.openWithFake();
    await site.hear('so it goes', 1000);
    await site.part('format').selectOption(format);
    const coming = page.waitForEvent('download');
    await site.part('download').click();
    const download = await coming;
    expect(download.suggestedFilename()).toBe(name);
    const chunks: Uint8Array[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Uint8Array);
    const text = Buffer.concat(chunks).toString('utf8');
    if (content instanceof RegExp) expect(text).toMatch(content);
    else expect(text).toBe(content);
  });
});
