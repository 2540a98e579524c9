import {PRECISIONS} from '../graph/precision.ts';
import type {ImportProgress} from '../import/import-checkpoint.ts';
import type {Manifest} from '../import/manifest.ts';
import {cards} from '../systems/cards.ts';
import {findTranscriptionSystem} from '../systems/transcription-systems.ts';
import {isImported, type CheckpointSystem} from '../systems/transcription-system.ts';
import {UsageError} from './cli-error.ts';
import type {Command, Output} from './command.ts';
import {formatTable} from './format.ts';
import {importFile} from './import-file.ts';
import {parseOptions, wordOption} from './parse-options.ts';

const systemIds = cards.filter(({weights}) => weights.format === 'torch').map(({id}) => id);

const help = `\
Usage: earshot import CHECKPOINT --system ID --precision NAME --out DIR [options]

Turns a published checkpoint (what torch.save wrote, also inside a ZIP, or safetensors) into what runs here and in a
page: ONNX with its weights in a file beside it, and manifest.json, which names each file with its SHA-256. Nothing in
the checkpoint is executed. A page finds the network where the folder lies as models/ID beside Earshot's files.

  --system ID          what the checkpoint is of: ${systemIds.join(', ')}
  --precision NAME     ${PRECISIONS.join(' or ')}: 8 bits take a quarter of the bytes, and change the text a little
  --out DIR            folder for the imported network; files of an earlier import in it are replaced
  --allow-unverified   take a file whose digest the system's card does not list; needed only where it lists one
  --json               print the manifest instead of a summary
  --help               print this text`;

/** `earshot import`: a published checkpoint becomes files that a page can open. */
export const importNetwork: Command = {
  name: 'import',
  summary: 'turn a published checkpoint into files that a page can open',
  help,
  async run(args, output) {
    const {values, positionals} = parseOptions(args, {
      system: {type: 'string'},
      precision: {type: 'string'},
      out: {type: 'string'},
      'allow-unverified': {type: 'boolean', default: false},
      json: {type: 'boolean', default: false},
    });
    const [file] = positionals;
    if (file === undefined || positionals.length > 1) {
      throw new UsageError(`import: got ${positionals.length} checkpoints, expected one`);
    }
    const precision = wordOption('precision', values.precision, PRECISIONS);
    const {system: systemId, out} = values;
    if (systemId === undefined) throw missing('--system ID');
    if (precision === undefined) throw missing('--precision NAME');
    if (out === undefined) throw missing('--out DIR');
    const system = await findCheckpointSystem(systemId);
    const allowUnverified = values['allow-unverified'];
    const onProgress = reportTenths(output);
    const manifest = await importFile({file, system, precision, out, allowUnverified, onProgress});
    output.print(values.json ? JSON.stringify(manifest, null, 2) : describe(manifest));
  },
};

async function findCheckpointSystem(id: string): Promise<CheckpointSystem> {
  if (systemIds.includes(id)) {
    const system = await findTranscriptionSystem(id);
    if (isImported(system)) return system;
  }
  throw new UsageError(`import: got system "${id}", expected one of: ${systemIds.join(', ')}`);
}

function missing(option: string): UsageError {
  return new UsageError(`import: got no ${option}, expected one`);
}

function describe({system, precision, source, files}: Manifest): string {
  const mark = source.verified ? source.what : 'UNVERIFIED';
  const rows = files.map(({path, bytes, sha256}) => [path, `SHA-256 ${sha256}`, `${bytes} bytes`]);
  return [
    `system     ${system}, ${precision}`,
    `source     ${mark}, SHA-256 ${source.sha256} (${source.name})`,
    formatTable(rows, 2),
  ].join('\n');
}

/** One line for each tenth of each phase. */
function reportTenths(output: Output): (progress: ImportProgress) => void {
  let told = '';
  return ({phase, doneBytes, totalBytes}) => {
    const tenths = totalBytes === 0 ? 10 : Math.floor((10 * doneBytes) / totalBytes);
    const step = `${phase} ${tenths}0 %`;
    if (step === told) return;
    told = step;
    output.warn(`${step}, ${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB`);
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
