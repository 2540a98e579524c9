import {UsageError} from './cli-error.ts';
import type {Command, Output} from './command.ts';
import {formatSeconds} from './format.ts';
import {
  listenOptions,
  listenOptionsHelp,
  listenToFile,
  readListenSettings,
  type Detection,
  type Heard,
} from './listen.ts';
import {loadSystem} from './load-system.ts';
import {parseOptions} from './parse-options.ts';
import {describeSystem, systemOptions, systemOptionsHelp} from './system-sources.ts';
import {cards} from '../models/catalogue.ts';

const help = `\
Usage: earshot spot FILE… [options]

Lists the keywords heard in audio files (WAV of any rate, FLAC), through the same pipeline as the page.

  --system ID          system to run; default: ${cards[0]?.id ?? 'none'}
${systemOptionsHelp}
${listenOptionsHelp}
  --json               print one JSON document; times are in milliseconds
  --help               print this text`;

/** `earshot spot`: detections with times and scores. */
export const spot: Command = {
  name: 'spot',
  summary: 'list the keywords heard in audio files',
  help,
  async run(args, output) {
    const {values, positionals: files} = parseOptions(args, {
      system: {type: 'string'},
      json: {type: 'boolean', default: false},
      ...systemOptions,
      ...listenOptions,
    });
    if (files.length === 0) throw new UsageError('spot: got no file, expected one or more');
    const systemId = values.system ?? cards[0]?.id ?? '';
    const {classifier, report} = await loadSystem(systemId, values);
    try {
      const settings = readListenSettings(classifier.system.card, values);
      if (!values.json) output.print(`${describeSystem(report)}\nthreshold  ${settings.threshold}\n`);
      const heard: Heard[] = [];
      for (const file of files) {
        const found = await listenToFile(file, classifier, settings, output);
        heard.push(found);
        if (!values.json) printHeard(found, output);
      }
      if (values.json) output.print(JSON.stringify({...report, ...settings, files: heard}, null, 2));
    } finally {
      classifier.model.dispose();
    }
  },
};

function printHeard({file, durationMs, detections}: Heard, output: Output): void {
  const count = detections.length === 1 ? '1 keyword' : `${detections.length || 'no'} keywords`;
  output.print(`${file}: ${count} in ${formatSeconds(durationMs)}`);
  for (const detection of detections) output.print(`  ${describeDetection(detection)}`);
}

/** One line that says what was heard, when, and how surely. */
export function describeDetection({keyword, score, startTime, endTime}: Detection): string {
  return `${formatSeconds(startTime)} – ${formatSeconds(endTime)}  ${keyword.padEnd(10)} ${score.toFixed(3)}`;
}
