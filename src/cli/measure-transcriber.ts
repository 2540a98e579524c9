import type {Output} from './command.ts';
import {readDecodeOptions, type DecodeChoice} from './decode-options.ts';
import {
  describeUtteranceEvaluation,
  evaluateUtterances,
  utteranceEvaluationToJson,
} from './evaluate-utterances.ts';
import {describeTranscriptionSystem, findTranscriptionCard, loadTranscriptionSystem} from './load-system.ts';
import {CLIP_COUNT, numberOption} from './parse-options.ts';
import type {SystemChoice} from './system-sources.ts';

/** Values of the options of `earshot evaluate` that concern a transcriber, as they were given. */
export interface MeasureChoice extends SystemChoice, DecodeChoice {
  readonly data?: readonly string[] | undefined;
  readonly limit?: string | undefined;
  readonly 'full-scale'?: string | undefined;
  readonly vectors?: string | undefined;
  readonly streaming: boolean;
  readonly json: boolean;
}

/**
 * Runs a transcriber over a folder of utterances and prints what was found.
 * @throws UsageError, CliError and the typed errors of models, decode and engines.
 */
export async function measureTranscriber(
  systemId: string,
  values: MeasureChoice,
  output: Output,
): Promise<void> {
  const limit = numberOption('limit', values.limit, CLIP_COUNT);
  const card = findTranscriptionCard(systemId);
  const search = readDecodeOptions(values, card);
  const system = await loadTranscriptionSystem(systemId, values);
  try {
    // as published, where nothing is asked for and the system needs no words to be read
    const isAsPublished = Object.keys(search).length === 0 && system.transcriber.words === undefined;
    const {decoding = isAsPublished ? 'greedy' : 'beam'} = search;
    const features = values.streaming ? 'streaming' : 'utterance';
    const defaults = decoding === 'beam' ? card.defaults.search : undefined;
    const protocol = {...defaults, ...search, decoding, features} as const;
    const request = {data: values.data?.[0] ?? '', limit, protocol};
    const evaluation = await evaluateUtterances(system, request, output);
    const {publishedFigure} = system.transcriber.system.card;
    if (values.json) {
      const document = {...system.report, publishedFigure, ...utteranceEvaluationToJson(evaluation)};
      output.print(JSON.stringify(document, null, 2));
      return;
    }
    const published = publishedFigure === undefined ? [] : [`published  ${publishedFigure}`];
    const lines = [
      describeTranscriptionSystem(system.report),
      ...published,
      describeUtteranceEvaluation(evaluation),
    ];
    output.print(lines.join('\n'));
  } finally {
    system.transcriber.model.dispose();
  }
}
