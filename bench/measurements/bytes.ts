import {readFileSync} from 'node:fs';
import {gzipSync} from 'node:zlib';
import {weighListeningPage} from '../../test/support/page-weight.ts';
import {repositoryPath} from '../../test/support/repository.ts';
import {withRatio, type Measurement, type Row} from '../measurement.ts';
import {BYTES_UNIT, partRows} from '../part-rows.ts';
import {fetchPeerPackage, peerPackages} from '../peer-packages.ts';

const OURS = 'ours, in all, with the built-in model';

interface PeerPage {
  readonly name: string;
  /** Package, and the one file of it that a page needs. */
  readonly files: readonly (readonly [specifier: string, file: string])[];
  readonly note: string;
}

const peers: readonly PeerPage[] = [
  {
    name: 'porcupine-web',
    files: [[peerPackages.porcupine, 'dist/esm/index.min.js']],
    note: 'its WebAssembly is inside; its model (.pv) and keywords (.ppn) are not in the package and not counted; nor is the web-voice-processor, which captures the sound',
  },
  {
    name: 'speech-commands',
    files: [
      [peerPackages.speechCommands, 'dist/speech-commands.min.js'],
      [peerPackages.tfjs, 'dist/tf.min.js'],
    ],
    note: 'its model is fetched from storage.googleapis.com, not in the package, and not counted',
  },
];

/** What a visitor downloads for keywords. */
export const bytes: Measurement = {
  id: 'bytes',
  title:
    'Bytes on the wire, gzip: a page that only spots keywords, from its first file until it listens, against the code of peers as published on npm; peers without their models, ours with its own',
  run: async () => {
    const files = await weighListeningPage();
    const total = files.reduce((sum, {gzipBytes}) => sum + gzipBytes, 0);
    const compared = peers.map((peer) => compare(total, peer));
    return [...partRows(files), {name: OURS, unit: BYTES_UNIT, value: total}, ...compared];
  },
};

function compare(total: number, {name, files, note}: PeerPage): Row {
  const row = {name: `ours against ${name}`, unit: BYTES_UNIT, value: total};
  try {
    const sizes = files.map(([specifier, file]) => {
      return gzipSync(readFileSync(repositoryPath(`${fetchPeerPackage(specifier)}/${file}`))).length;
    });
    const what = files.map(([specifier, file]) => `${specifier}/${file}`).join(' + ');
    const against = {name: what, value: sizes.reduce((sum, size) => sum + size, 0)};
    return withRatio({...row, against, note});
  } catch (error) {
    return {...row, note: `peer absent: ${error instanceof Error ? error.message : String(error)}`};
  }
}
