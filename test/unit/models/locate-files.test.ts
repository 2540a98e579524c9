import {describe, expect, it} from 'vitest';
import {findCard} from '../../../src/models/catalogue.ts';
import {builtInLanguageModel} from '../../../src/models/language-models.ts';
import {locateBuiltIn, locateImported, locateWeights} from '../../../src/models/locate-files.ts';
import {cards} from '../../../src/systems/cards.ts';

const modelBase = 'https://site.test/earshot/models/';
const mirror = 'https://mirror.test/models/';

describe('the weights of a published system', () => {
  const micronet = findCard('micronet-large');

  it("are looked for beside Earshot's files, then at the publisher's home", () => {
    const {name, urls, bytes, accepted} = locateWeights(micronet, {modelBase});
    expect(name).toBe('kws_micronet_l.tflite');
    expect(urls).toEqual([`${modelBase}micronet-large/kws_micronet_l.tflite`, micronet.weights.homeUrl]);
    expect(bytes).toBe(658_832);
    expect(accepted).toBe(micronet.weights.accepted);
  });

  it('are looked for in the mirror alone where there is one', () => {
    const {urls} = locateWeights(micronet, {modelBase, mirror});
    expect(urls).toEqual([`${mirror}micronet-large/kws_micronet_l.tflite`]);
  });

  it('are unverified, and of unknown size, where no digest is published', () => {
    const {accepted, bytes} = locateWeights(findCard('deepspeech2'), {modelBase});
    expect(accepted).toEqual([]);
    expect(bytes).toBeUndefined();
  });
});

describe('a file that is built in', () => {
  const path = builtInLanguageModel.builtInPath;

  it("lies beside Earshot's own files", () => {
    const {name, urls} = locateBuiltIn(builtInLanguageModel, {modelBase});
    expect(name).toBe('earshot-lm.bin');
    expect(urls).toEqual([modelBase + path]);
  });

  it('lies where a bundler has moved it', () => {
    const builtIn = {[path]: 'https://site.test/assets/earshot-lm-1a2b.bin'};
    const {name, urls} = locateBuiltIn(builtInLanguageModel, {modelBase, builtIn, mirror});
    expect(name).toBe('earshot-lm.bin');
    expect(urls).toEqual([mirror + path, builtIn[path]]);
  });

  it('is taken from the mirror where that has it, and is found without', () => {
    const {urls} = locateBuiltIn(builtInLanguageModel, {modelBase, mirror});
    expect(urls).toEqual([mirror + path, modelBase + path]);
    expect(locateWeights(findCard('earshot-kws'), {modelBase, mirror}).urls).toHaveLength(2);
  });
});

it('knows a file of an imported network by its manifest', () => {
  const record = {path: 'model.onnx', bytes: 12, sha256: 'ab'.repeat(32)};
  const {name, urls, bytes, accepted} = locateImported('deepspeech2', record, {modelBase, mirror});
  expect([name, bytes]).toEqual(['model.onnx', 12]);
  expect(urls).toEqual([`${mirror}deepspeech2/model.onnx`]);
  expect(accepted).toMatchObject([{sha256: record.sha256, bytes: 12}]);
});

describe('the homes of published files', () => {
  const published = cards.filter(({weights}) => weights.builtInPath === undefined);

  it.each(published)('$id has one, which answers securely, and a page for people', ({weights}) => {
    expect(new URL(weights.homeUrl ?? '').protocol).toBe('https:');
    expect(new URL(weights.homePage ?? '').protocol).toBe('https:');
  });

  it('what is built in has none', () => {
    const builtIn = cards.filter((card) => !published.includes(card));
    expect(builtIn.map(({weights}) => weights.homeUrl)).toEqual([undefined, undefined]);
  });
});
