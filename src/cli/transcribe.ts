import {AudioFormatError} from '../formats/audio-format-error.ts';
import {streamAudioFile} from '../formats/audio-stream.ts';
import type {TranscribedSpan} from '../pipeline/utterance-transcriber.ts';
import {transcribeRecording} from '../pipeline/transcribe-recording.ts';
import {transcriptionSystemIds} from '../systems/transcription-systems.ts';
import {toSrt, toWebVtt} from '../transcript/subtitles.ts';
import {toTranscriptJson} from '../transcript/transcript-json.ts';
import {toPlainText} from '../transcript/transcript-text.ts';
import type {TranscriptUtterance} from '../transcript/transcript.ts';
import {namingFile, UsageError} from './cli-error.ts';
import type {Command, Output} from './command.ts';
import {decodeOptions, decodeOptionsHelp, readDecodeOptions} from './decode-options.ts';
import {accessFile, withFile} from './file-access.ts';
import {
  describeTranscriptionSystem,
  findTranscriptionCard,
  fullScaleHelp,
  fullScaleOption,
  loadTranscriptionSystem,
  type LoadedTranscriptionSystem,
} from './load-system.ts';
import {numberOption, parseOptions, wordOption, type NumberKind} from './parse-options.ts';
import {systemOptions, systemOptionsHelp} from './system-sources.ts';

const FORMATS = ['text', 'srt', 'vtt', 'json'] as const;
const SEGMENTATIONS = ['speech', 'none'] as const;
const FEATURES = ['streaming', 'utterance'] as const;
const DEFAULT_SYSTEM = 'earshot-ctc';

const help = `\
Usage: earshot transcribe FILE… [options]

Writes down what is said in audio files (WAV of any rate, FLAC), through the same pipeline as the page: a speech gate
finds the utterances, each is transcribed while it lasts. Answers go to the standard output; what ran, to the standard
error.

  --system ID          transcriber to run: ${transcriptionSystemIds.join(', ')}; default: ${DEFAULT_SYSTEM}
${systemOptionsHelp}
${fullScaleHelp}
${decodeOptionsHelp}
  --segmentation NAME  ${SEGMENTATIONS.join(' or ')}: whether the gate looks for speech, or each file is one utterance of at most
                       60 s (wav2vec2-base: 36 s), with features as published; default: speech
  --trailing-silence MS
                       silence after which an utterance is over, 100 to 5000; default 700
  --max-utterance MS   length at which an utterance is cut, 2000 to 60000; default 20000
  --features NAME      ${FEATURES.join(' or ')}: as they are made while somebody speaks, or exactly as the system was
                       published, with the statistics of the whole utterance where it has some; default: streaming,
                       without segmentation utterance
  --format NAME        ${FORMATS.join(', ')}; default: text. JSON has words with times in milliseconds and confidence
  --help               print this text`;

const TRAILING_SILENCE: NumberKind = {
  expected: 'milliseconds, 100 to 5000',
  accepts: (value) => value >= 100 && value <= 5000,
};
const MAX_UTTERANCE: NumberKind = {
  expected: 'milliseconds, 2000 to 60000',
  accepts: (value) => value >= 2000 && value <= 60_000,
};

/** `earshot transcribe`: what is said in recordings, as text, subtitles or JSON. */
export const transcribe: Command = {
  name: 'transcribe',
  summary: 'write down what is said in audio files',
  help,
  async run(args, output) {
    const {values, positionals: files} = parseOptions(args, {
      system: {type: 'string'},
      format: {type: 'string'},
      segmentation: {type: 'string'},
      features: {type: 'string'},
      'trailing-silence': {type: 'string'},
      'max-utterance': {type: 'string'},
      ...systemOptions,
      ...fullScaleOption,
      ...decodeOptions,
    });
    if (files.length === 0) throw new UsageError('transcribe: got no file, expected one or more');
    const format = wordOption('format', values.format, FORMATS) ?? 'text';
    const segmentation = wordOption('segmentation', values.segmentation, SEGMENTATIONS);
    if (segmentation === 'none') refuseEndpointOptions(values);
    const features = wordOption('features', values.features, FEATURES);
    const systemId = values.system ?? DEFAULT_SYSTEM;
    const options = {
      ...readDecodeOptions(values, findTranscriptionCard(systemId)),
      ...(features && {features}),
      ...(segmentation && {segmentation}),
      ...readEndpointOptions(values),
      clock: () => performance.now(),
    };
    const system = await loadTranscriptionSystem(systemId, values);
    try {
      output.warn(describeTranscriptionSystem(system.report));
      for (const file of files) {
        const utterances = await transcribeFile(file, system, options, output);
        output.print(FORMATTERS[format](utterances).trimEnd());
      }
    } finally {
      system.transcriber.model.dispose();
    }
  },
};

const FORMATTERS: {
  readonly [Format in (typeof FORMATS)[number]]: (utterances: readonly TranscriptUtterance[]) => string;
} = {
  text: (utterances) => toPlainText(utterances),
  srt: (utterances) => toSrt(utterances),
  vtt: (utterances) => toWebVtt(utterances),
  json: toTranscriptJson,
};

function readEndpointOptions(values: {
  readonly 'trailing-silence'?: string | undefined;
  readonly 'max-utterance'?: string | undefined;
}): {readonly trailingSilenceMs?: number; readonly maxUtteranceMs?: number} {
  const trailingSilenceMs = numberOption('trailing-silence', values['trailing-silence'], TRAILING_SILENCE);
  const maxUtteranceMs = numberOption('max-utterance', values['max-utterance'], MAX_UTTERANCE);
  return {
    ...(trailingSilenceMs !== undefined && {trailingSilenceMs}),
    ...(maxUtteranceMs !== undefined && {maxUtteranceMs}),
  };
}

/** Throws UsageError where an option says how utterances end, and there is one alone. */
function refuseEndpointOptions(values: Parameters<typeof readEndpointOptions>[0]): void {
  const name = (['trailing-silence', 'max-utterance'] as const).find(
    (option) => values[option] !== undefined,
  );
  if (name === undefined) return;
  throw new UsageError(`--${name}: got it with --segmentation none, expected it only with speech`);
}

async function transcribeFile(
  file: string,
  {transcriber}: LoadedTranscriptionSystem,
  options: Parameters<typeof transcribeRecording>[3],
  output: Output,
): Promise<readonly TranscriptUtterance[]> {
  const utterances: TranscriptUtterance[] = [];
  const toMs = (sample: number): number => (sample * 1000) / transcriber.system.sampleRateHz;
  const observer = {
    ...IGNORE,
    onFinal: ({words, startSample, endSample, ...utterance}: TranscribedSpan): void => {
      utterances.push({
        ...utterance,
        startTime: toMs(startSample),
        endTime: toMs(endSample),
        words: words.map(({startSample: start, endSample: end, ...word}) => ({
          ...word,
          startTime: toMs(start),
          endTime: toMs(end),
        })),
      });
    },
  };
  const stats = await namingFile(file, async () => {
    try {
      return await withFile(file, 'r', async (handle) =>
        transcribeRecording(transcriber, streamAudioFile(await accessFile(handle)), observer, options),
      );
    } catch (error) {
      // a file that was cut is used as far as it goes
      if (!(error instanceof AudioFormatError) || utterances.length === 0) throw error;
      output.warn(`${file}: ${error.message}`);
      return undefined;
    }
  });
  const speed = stats ? `, real-time factor ${stats.realTimeFactor.toFixed(3)}` : '';
  output.warn(`${file}: ${utterances.length} utterances${speed}`);
  return utterances;
}

/** Nothing is shown while a recording is read. */
const IGNORE = {
  onSpeechStart: () => undefined,
  onSpeechEnd: () => undefined,
};
