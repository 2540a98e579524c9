import {beforeAll, describe, expect, test} from 'vitest';
import {useTranscriptPage, type TranscriptPage} from '../support/transcript-page.ts';

const transcriptPage = useTranscriptPage();
let site: TranscriptPage;
let page: TranscriptPage['page'];

beforeAll(() => {
  site = transcriptPage.current();
  page = site.page;
});

/** Has the element read a file of five bytes; what comes of it is `globalThis.outcome`. */
const beginFile = () =>
  page.evaluate(async () => {
    globalThis.outcome = 'pending';
    globalThis.transcript.transcribe(new Blob(['12345'])).then(
      () => {
        globalThis.outcome = 'read';
      },
      (error: unknown) => {
        globalThis.outcome = (error as Error).name;
      },
    );
    await globalThis.transcript.updateComplete;
  });
const calls = () => page.evaluate(() => globalThis.fakeTranscriber.calls);

describe('the state', () => {
  test.each([
    ['idle', {name: 'idle'}, 'Microphone off', 'Listen'],
    ['loading', {name: 'loading'}, 'Loading the model…', 'Stop'],
    ['live', {name: 'listening', microphone: 'live'}, 'Listening', 'Stop'],
    ['muted', {name: 'listening', microphone: 'muted'}, 'Microphone muted', 'Stop'],
    ['transcribing', {name: 'transcribing'}, 'Transcribing the file…', 'Cancel'],
    ['failed', {name: 'failed', code: 'network'}, 'Not listening', 'Try again'],
  ] as const)('%s shows in words, in the button and as :state()', async (shown, state, words, label) => {
    await site.openWithFake();
    await site.enter(state);
    expect(await site.part('status').innerText()).toBe(words);
    expect(await site.button().innerText()).toBe(label);
    const own = shown === 'live' ? 'listening' : shown;
    expect(await page.evaluate((name) => globalThis.transcript.matches(`:state(${name})`), own)).toBe(true);
  });

  test('weights that no card lists are marked', async () => {
    await site.openWithFake();
    await page.evaluate(() => {
      globalThis.fakeTranscriber.info = {
        weights: {sha256: '00', verified: false, what: 'an unverified file'},
      };
    });
    await site.enter({name: 'ready'});
    expect(await site.part('unverified').innerText()).toMatch(/unverified/i);
  });
});

describe('a file', () => {
  test('shows how much of it has been read, and what was said as it comes', async () => {
    await site.openWithFake();
    await beginFile();
    expect(await calls()).toEqual(['transcribe 5']);
    expect(await site.part('progress').getAttribute('value')).toBeNull();
    expect(await site.part('progress').getAttribute('aria-label')).toBe('Reading the file');
    await page.evaluate(async () => {
      globalThis.fakeTranscriber.tell('transcript-progress', {phase: 'transcribe', loaded: 2, total: 5});
      await globalThis.transcript.updateComplete;
    });
    expect(await site.part('progress').getAttribute('value')).toBe('0.4');
    await site.hear('from the file');
    await page.evaluate(() => {
      globalThis.fakeTranscriber.finishReading();
    });
    await expect.poll(() => page.evaluate(() => globalThis.outcome)).toBe('read');
    expect(await site.part('utterance').allInnerTexts()).toEqual(['from the file']);
    expect(await site.part('meter').count()).toBe(1);
  });

  test('is given up by the button', async () => {
    await site.openWithFake();
    await beginFile();
    await site.button().click();
    await expect.poll(() => page.evaluate(() => globalThis.outcome)).toBe('AbortError');
    expect(await calls()).toEqual(['transcribe 5', 'stop']);
    expect(await site.part('error').count()).toBe(0);
  });

  test('that cannot be read is an error on show and an event, until the next one', async () => {
    await site.openWithFake();
    await page.evaluate(() => {
      globalThis.toldCodes = [];
      document.addEventListener('transcript-error', ({code}) => globalThis.toldCodes.push(code));
    });
    await beginFile();
    await page.evaluate(() => {
      const {SpeechError} = globalThis.earshot;
      globalThis.fakeTranscriber.finishReading(new SpeechError('internal', 'got a picture'));
    });
    await expect.poll(() => site.part('error').count()).toBe(1);
    expect(await site.part('error').textContent()).toContain('got a picture');
    expect(await page.evaluate(() => globalThis.toldCodes)).toEqual(['internal']);
    await site.button().click();
    expect(await site.part('error').count()).toBe(0);
  });
});

describe('the page', () => {
  test('gets the events by bubbling, out of any shadow tree', async () => {
    await site.openWithFake();
    const told = page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('transcript-final', (event) => {
            resolve([event.text, event.composed, event.target === globalThis.transcript]);
          });
        }),
    );
    await site.hear('hello');
    expect(await told).toEqual(['hello', true, true]);
  });

  test('keeps its own transcriber when the element leaves, with the text so far', async () => {
    await site.openWithFake();
    await site.hear('kept');
    const seen = await page.evaluate(async () => {
      const {transcript, fakeTranscriber} = globalThis;
      const {parentElement} = transcript;
      transcript.remove();
      parentElement!.append(transcript);
      await transcript.updateComplete;
      return [
        transcript.text,
        fakeTranscriber.calls,
        transcript.transcriber === (fakeTranscriber as unknown),
      ];
    });
    expect(seen).toEqual(['kept', [], true]);
  });

  test('with autostart leaves alone what listens already', async () => {
    await site.openWithFake();
    await site.enter({name: 'listening', microphone: 'live'});
    await page.evaluate(async () => {
      const {transcript} = globalThis;
      const {parentElement} = transcript;
      transcript.autostart = true;
      transcript.remove();
      parentElement!.append(transcript);
      await transcript.updateComplete;
    });
    expect(await calls()).toEqual([]);
  });

  test.each([
    ['beam-width="0"', 'beamWidth'],
    ['hot-word-boost="loud"', 'hotWordBoost'],
    ['trailing-silence-ms="7"', 'trailingSilenceMs'],
    ['max-utterance-ms="7"', 'maxUtteranceMs'],
    ['word-bonus="99"', 'wordBonus'],
    ['language-model-weight="-1"', 'languageModelWeight'],
    ['thread-count="0"', 'threadCount'],
    ['language-model="mine"', 'languageModel "mine"'],
    ['model="nobody"', 'transcriber "nobody"'],
  ])('reads about its own mistakes: %s is reported, not swallowed', async (attribute, what) => {
    await site.open(`${attribute} model="wav2letter"`); // of an attribute that is there twice the first counts
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
    expect(await reported).toContain(`RangeError: got ${what}`);
    transcriptPage.forgiveProblems(); // it was to be reported
  });
});

test('a confidence threshold that is none is reported', async () => {
  await site.open();
  const reported = await page.evaluate(
    () =>
      new Promise((resolve) => {
        addEventListener('error', (event) => {
          event.preventDefault();
          resolve(String(event.error));
        });
        globalThis.transcript.setAttribute('confidence-threshold', 'low');
      }),
  );
  expect(reported).toBe('RangeError: got confidenceThreshold NaN, expected 0…1');
  transcriptPage.forgiveProblems(); // it was to be reported
});

declare global {
  var outcome: string;
  var toldCodes: string[];
}
