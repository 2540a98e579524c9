import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {readUtteranceIndex, spreadEvenly, type SpokenClip} from '../../src/cli/data-index.ts';
import {earshot} from '../support/earshot-command.ts';
import {sharedPath} from '../support/shared.ts';
import {openSpotterPage, type SpotterPage} from '../support/spotter-page.ts';
import {
  compareWithPyTorch,
  hasTrainedDeepSpeech2,
  missingTrainedDeepSpeech2,
  trainedDeepSpeech2File,
  type Heard,
} from '../support/trained-deepspeech2.ts';

const DATA = 'audio/librispeech-other-dev';
const UTTERANCES = 12;
const pathOf = (file: string): string => sharedPath(`${DATA}/${file}`);

let page: SpotterPage | undefined;
let clips: readonly SpokenClip[] = [];

/** What the page writes down of each recording with the checkpoint dropped on it, each as one utterance. */
async function transcribeAll(numerics: 'float32' | 'int8-dynamic'): Promise<Heard[]> {
  const texts = await page!.chromium.page.evaluate(async (numerics) => {
    const [weights, ...recordings] = document.querySelector('input')!.files!;
    const transcriber = await globalThis.earshot.Transcriber.load('deepspeech2', {
      weights: weights!,
      numerics,
      decoding: 'greedy',
    });
    const texts: string[] = [];
    for (const recording of recordings) {
      const utterances = await transcriber.transcribe(recording, {segmentation: 'none'});
      texts.push(utterances.map(({text}) => text).join('|'));
    }
    transcriber.dispose();
    return texts;
  }, numerics);
  return clips.map(({file, text}, index) => ({file, text, heard: texts[index] ?? ''}));
}

describe.skipIf(!hasTrainedDeepSpeech2)(
  `a trained checkpoint that is dropped on a page${missingTrainedDeepSpeech2}`,
  {timeout: 600_000},
  () => {
    beforeAll(async () => {
      clips = spreadEvenly(await readUtteranceIndex(sharedPath(DATA)), UTTERANCES);
      page = await openSpotterPage();
      await page.chromium.page.evaluate(() => {
        document.body.innerHTML = '<input type="file" multiple>';
      });
      const files = [trainedDeepSpeech2File, ...clips.map(({file}) => pathOf(file))];
      await page.chromium.page.setInputFiles('input', files);
    });
    afterAll(async () => {
      await page?.close();
    });

    it('writes what PyTorch writes of it, and what the command line writes', async () => {
      const heard = await transcribeAll('float32');
      const {letterRate, emptyTexts} = compareWithPyTorch(heard);
      expect(emptyTexts).toBe(0);
      expect(letterRate).toBeLessThanOrEqual(0.002);
      const [first] = heard;
      const {code, stdout, stderr} = await earshot(
        ...[
          'transcribe',
          pathOf(first!.file),
          '--system',
          'deepspeech2',
          '--weights',
          trainedDeepSpeech2File,
        ],
        ...['--numerics', 'float32', '--segmentation', 'none', '--decoding', 'greedy'],
      );
      expect([code, stdout.trim()], stderr).toEqual([0, first!.heard]);
      expect(page!.chromium.problems).toEqual([]);
    });

    it('writes nearly that in 8 bits', async () => {
      const {letterRate, sameTexts, emptyTexts} = compareWithPyTorch(await transcribeAll('int8-dynamic'));
      const percent = (100 * letterRate).toFixed(2);
      console.log(
        `int8: ${percent} % of PyTorch's letters differ, ${sameTexts} of ${UTTERANCES} texts are the same`,
      );
      expect(emptyTexts).toBe(0);
      expect(letterRate).toBeLessThan(0.03);
    });
  },
);
