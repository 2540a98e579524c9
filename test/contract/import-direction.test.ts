import {describe, expect, test} from 'vitest';
import {findViolations} from '../support/import-direction.ts';
import {readSources} from '../support/sources.ts';

describe('the direction of imports', () => {
  test('is kept by every source file', () => {
    const sources = readSources(['src', 'workers']);
    expect(sources.length).toBeGreaterThan(10); // a test that read nothing would pass
    expect(findViolations(sources)).toEqual([]);
  });
});

describe('the check of the direction', () => {
  /** The violations of one file that holds only this text. */
  const check = (path: string, text: string) => findViolations([{path, text}]);

  test('says which file imports what, and what its folder may import', () => {
    expect(check('src/features/mfcc.ts', "import {smooth} from '../decode/smooth.ts';")).toEqual([
      'src/features/mfcc.ts imports ../decode/smooth.ts: features may import its own folder, and no package',
    ]);
  });

  test.each([
    ['a type', "import type {Model} from '../engine/engine.ts';"],
    ['a re-export', "export {Model} from '../engine/engine.ts';"],
    ['a dynamic import', "await import('../engine/engine.ts');"],
    ['the type of a module', "let model: import('../engine/engine.ts').Model;"],
    ['a worker by its URL', "new Worker(new URL('../engine/engine.ts', import.meta.url));"],
  ])('finds %s', (_kind, text) => {
    expect(check('src/decode/search.ts', text)).toHaveLength(1);
  });

  test('is not misled by comments and strings', () => {
    const text = "// import '../engine/engine.ts';\nconst text = \"import '../engine/engine.ts'\";";
    expect(check('src/decode/search.ts', text)).toEqual([]);
  });

  test.each([
    ['src/pipeline/run.ts', "import * as ort from 'onnxruntime-web/wasm';"],
    ['src/session/run.ts', "import * as tf from '@tensorflow/tfjs-core';"],
    ['src/features/run.ts', "import {x} from 'some-package';"],
    ['src/models/run.ts', "import {readFile} from 'node:fs/promises';"],
    ['workers/speech.worker.ts', "import * as ort from 'onnxruntime-web/wasm';"],
  ])('keeps packages out of %s', (path, text) => {
    expect(check(path, text)).toHaveLength(1);
  });

  test.each([
    ['src/engine/onnx.ts', "import * as ort from 'onnxruntime-web/wasm';"],
    ['src/formats/onnx/write.ts', "import protobuf from 'protobufjs/minimal.js';"],
    ['src/formats/tflite/read.ts', "import {ModelFormatError} from '../../graph/model-format-error.ts';"],
    ['src/systems/ds-cnn/card.ts', "import type {SystemCard} from '../card.ts';"],
    ['src/session/spotter.ts', "import {card} from '../systems/ds-cnn/card.ts';"],
    ['src/capture/capture.ts', "import url from '../../workers/capture.worklet.ts?worker&url';"],
    ['src/cli/earshot.ts', "import {readFile} from 'node:fs/promises';"],
    ['workers/assets.ts', "import wasm from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';"],
    ['src/index.ts', "export {KeywordSpotter} from './session/keyword-spotter.ts';"],
    ['src/demo/main.ts', "import {KeywordSpotter} from '../index.ts';"],
  ])('lets %s import what the table allows', (path, text) => {
    expect(check(path, text)).toEqual([]);
  });

  test('lets a card import nothing but its type and its curve, and an engine only types of the protocol', () => {
    expect(check('src/systems/ds-cnn/card.ts', "import {labels} from './labels.ts';")).toHaveLength(1);
    expect(
      check('src/systems/ds-cnn/operating-curve.ts', "import {x} from '../../graph/x.ts';"),
    ).toHaveLength(1);
    expect(check('src/systems/ds-cnn/card.ts', "import {curve} from './operating-curve.ts';")).toEqual([]);
    expect(check('src/systems/ds-cnn/card.ts', "import {card} from '../card.ts';")).toHaveLength(1);
    expect(check('src/engine/load.ts', "import type {Message} from '../protocol/messages.ts';")).toEqual([]);
    expect(check('src/engine/load.ts', "import {send} from '../protocol/messages.ts';")).toHaveLength(1);
  });

  test('refuses a folder that the table does not know', () => {
    expect(check('src/utilities/text.ts', "import {x} from './x.ts';")).toEqual([
      'src/utilities/text.ts: src/utilities has no row in the table of imports',
    ]);
  });
});
