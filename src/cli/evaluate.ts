import {DEFAULT_TOLERANCE_MS} from '../evaluate/detection-score.ts';
import {keywordSystemIds} from '../systems/keyword-systems.ts';
import {transcriptionSystemIds} from '../systems/transcription-systems.ts';
import {UsageError} from './cli-error.ts';
import type {Command, Output} from './command.ts';
import {decodeOptions, decodeOptionsHelp} from './decode-options.ts';
import {describeStreamEvaluation, evaluateStreams, streamEvaluationToJson} from './evaluate-streams.ts';
import {listenOptions, listenOptionsHelp, readListenSettings} from './listen.ts';
import {fullScaleHelp, fullScaleOption, loadSystem, type LoadedSystem} from './load-system.ts';
import {measureTranscriber} from './measure-transcriber.ts';
import {describeMeasured, measuredToJson, measureSystems} from './measure-systems.ts';
import {
  CLIP_COUNT,
  numberOption,
  parseOptions,
  type NumberKind,
  type ParsedOptions,
} from './parse-options.ts';
import {describeSystem, systemOptions, systemOptionsHelp} from './system-sources.ts';

const help = `\
Usage: earshot evaluate SYSTEM… --data DIR [--data DIR]… [options]
       earshot evaluate SYSTEM --stream FILE… [--labels FILE] [options]

Measures keyword spotters: ${keywordSystemIds.join(', ')};
and transcribers: ${transcriptionSystemIds.join(', ')}.

Keyword spotters with --data, over one-second clips as the published figures are: DIR holds the audio and index.jsonl,
one object {"file", "label"} a line. Each clip is padded with zeros or cut to 1 s, run once, and the largest output
counts. One system over one folder gives accuracy, recall and confusion by class, and how far the posteriors can be
trusted: the expected calibration error (ECE, 15 bins of equal width, over all clips) and what share was right in each
bin. Several systems or folders give one table: accuracies, ECE and recalls, with a column for each system and a row
for each folder.
  --data DIR           folder of the clips or utterances; for keyword spotters once for each folder
  --limit N            only N of them, spread evenly over the index

A transcriber with --data, over utterances as the published figures are: index.jsonl has {"file", "text"} a line. Each
is transcribed as a whole. Gives word and letter error rates, pooled and as the mean of the utterances' rates, with
substitutions (S), deletions (D) and insertions (I). Without options of the search it is greedy, as it was for the
published figures.
${decodeOptionsHelp}
${fullScaleHelp}
  --streaming          features as they are made while somebody speaks, where a system has statistics of utterances
  --vectors DIR        folder that has the input and output published for the weights (.npy), under any name, to test
                       the network with first; where absent they are looked for beside the weights

A keyword spotter with --stream, over long recordings exactly as the page hears them.
  --stream             what follows SYSTEM are recordings
  --labels FILE        times of the words said: a JSON array, or one object a line, of
                       {"file", "keyword", "startTime", "endTime"} in milliseconds; adds misses and false accepts
  --tolerance MS       how far outside a word its detection's end may lie; default ${DEFAULT_TOLERANCE_MS}
${listenOptionsHelp}

${systemOptionsHelp}
  --json               print one JSON document; times are in milliseconds
  --help               print this text`;

const options = {
  data: {type: 'string', multiple: true},
  limit: {type: 'string'},
  stream: {type: 'boolean', default: false},
  labels: {type: 'string'},
  tolerance: {type: 'string'},
  streaming: {type: 'boolean', default: false},
  vectors: {type: 'string'},
  json: {type: 'boolean', default: false},
  ...decodeOptions,
  ...systemOptions,
  ...fullScaleOption,
  ...listenOptions,
} as const;

const DURATION: NumberKind = {
  expected: 'milliseconds, 0 or more',
  accepts: (value) => value >= 0 && value < Infinity,
};

type Values = ParsedOptions<typeof options>['values'];

/** Options that only one of the two protocols has. */
const CLIP_OPTIONS = ['data', 'limit'] as const;
const STREAM_OPTIONS = ['labels', 'tolerance', 'threshold', 'keywords'] as const;

/** `earshot evaluate`: systems' figures, over clips as published or over long recordings as on the page. */
export const evaluate: Command = {
  name: 'evaluate',
  summary: 'measure systems over labelled clips or long recordings',
  help,
  async run(args, output) {
    const {values, positionals} = parseOptions(args, options);
    const [systemId, ...files] = positionals;
    if (systemId === undefined) throw new UsageError('evaluate: got no system, expected one first');
    checkProtocol(values, files);
    if (transcriptionSystemIds.includes(systemId)) {
      checkOneOfEach(values, positionals);
      await measureTranscriber(systemId, values, output);
      return;
    }
    if (!values.stream) {
      await runClips(positionals, values, output);
      return;
    }
    const system = await loadSystem(systemId, values);
    try {
      await runStreams(system, values, files, output);
    } finally {
      system.classifier.model.dispose();
    }
  },
};

async function runClips(systemIds: readonly string[], values: Values, output: Output): Promise<void> {
  const {data = []} = values;
  checkOnce('system', systemIds);
  checkOnce('--data', data);
  if (systemIds.length > 1 && values.weights !== undefined) {
    throw new UsageError(`evaluate: got --weights for ${systemIds.length} systems, expected --models`);
  }
  const limit = numberOption('limit', values.limit, CLIP_COUNT);
  const measured = await measureSystems(systemIds, values, {data, limit}, output);
  output.print(values.json ? JSON.stringify(measuredToJson(measured), null, 2) : describeMeasured(measured));
}

async function runStreams(
  {classifier, report}: LoadedSystem,
  values: Values,
  files: readonly string[],
  output: Output,
): Promise<void> {
  const settings = readListenSettings(classifier.system.card, values);
  const toleranceMs = numberOption('tolerance', values.tolerance, DURATION) ?? DEFAULT_TOLERANCE_MS;
  const request = {...settings, files, labels: values.labels, toleranceMs};
  const evaluation = await evaluateStreams(classifier, request, output);
  if (values.json) {
    output.print(JSON.stringify({...report, ...streamEvaluationToJson(evaluation)}, null, 2));
    return;
  }
  output.print(describeSystem(report));
  output.print(describeStreamEvaluation(evaluation));
}

/** Throws UsageError where it is not clear which of the two protocols is meant, or an option is of the other one. */
function checkProtocol(values: Values, files: readonly string[]): void {
  if (values.stream === (values.data !== undefined)) {
    throw new UsageError(`evaluate: got ${values.stream ? 'both' : 'neither'}, expected --data or --stream`);
  }
  const foreign = (values.stream ? CLIP_OPTIONS : STREAM_OPTIONS).find((name) => values[name] !== undefined);
  if (foreign !== undefined) {
    throw new UsageError(
      `evaluate: got --${foreign}, expected it only with --${values.stream ? 'data' : 'stream'}`,
    );
  }
  if (values.stream && files.length === 0)
    throw new UsageError('evaluate: got no file, expected one or more');
}

/** Throws UsageError where a transcriber stands beside another system, or is to hear streams. */
function checkOneOfEach({stream, data = []}: Values, systemIds: readonly string[]): void {
  if (!stream && systemIds.length === 1 && data.length === 1) return;
  throw new UsageError(
    'evaluate: got more than a transcriber and a folder, expected one of each, with --data',
  );
}

/** Throws UsageError where a value stands twice. */
function checkOnce(what: string, values: readonly string[]): void {
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined) {
    throw new UsageError(`evaluate: got ${what} "${repeated}" twice, expected each once`);
  }
}
