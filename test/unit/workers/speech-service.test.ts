import {readFileSync} from 'node:fs';
import {afterEach, describe, expect, it, vi} from 'vitest';
import {nodeEngineAssets} from '../../../src/cli/node-engine-assets.ts';
import {POOL_BUFFER_SAMPLES, type AudioChunk} from '../../../src/protocol/audio-messages.ts';
import {
  PROTOCOL_VERSION,
  type FromEngine,
  type KeywordFact,
  type LoadRequest,
  type Reply,
  type Failure,
  type ToEngine,
} from '../../../src/protocol/messages.ts';
import type {ChoiceStorage} from '../../../workers/choice-memory.ts';
import {SpeechService} from '../../../workers/speech-service.ts';
import {readMono} from '../../support/recordings.ts';
import {repositoryPath} from '../../support/repository.ts';
import {fakeCaches} from '../../support/fake-caches.ts';
import {serveFiles} from '../../support/fake-site.ts';
import {concatenate, silence} from '../../support/wav.ts';

const weightsFile = repositoryPath('public/models/earshot-kws/earshot-kws.safetensors');
const channels: MessageChannel[] = [];

afterEach(() => {
  for (const {port1, port2} of channels.splice(0)) {
    port1.close();
    port2.close();
  }
});

function setUp(
  storage: ChoiceStorage = {caches: undefined, baseUrl: 'https://example.test/', device: 'a test'},
) {
  const said: FromEngine[] = [];
  const service = new SpeechService((message) => said.push(message), nodeEngineAssets(), storage);
  const answerTo = async (message: ToEngine): Promise<Reply | Failure> => {
    service.receive(message);
    return vi.waitUntil(
      () =>
        said.find(
          (one): one is Reply | Failure =>
            (one.kind === 'reply' || one.kind === 'failure') && one.id === message.id,
        ),
      {timeout: 20_000},
    );
  };
  return {service, said, answerTo};
}

function loadRequest(changes: Partial<LoadRequest> = {}): ToEngine {
  const payload: LoadRequest = {
    protocolVersion: PROTOCOL_VERSION,
    systemId: 'earshot-kws',
    modelBase: 'https://example.test/models/',
    allowUnverified: false,
    weights: new Blob([readFileSync(weightsFile)]),
    ...changes,
  };
  return {kind: 'load', id: 1, payload};
}

function listenRequest(port: MessagePort): ToEngine {
  return {kind: 'listen', id: 2, payload: {sampleRateHz: 16000, port, detection: {}}};
}

/** Sends samples as the worklet would. */
function sendAudio(port: MessagePort, samples: Float32Array): void {
  for (let start = 0; start < samples.length; start += POOL_BUFFER_SAMPLES) {
    const buffer = new Float32Array(2 * POOL_BUFFER_SAMPLES);
    const piece = samples.subarray(start, start + POOL_BUFFER_SAMPLES);
    buffer.set(piece);
    const chunk: AudioChunk = {
      kind: 'audio',
      buffer,
      sampleCount: piece.length,
      channelCount: 1,
      firstSample: start,
    };
    port.postMessage(chunk, [buffer.buffer]);
  }
}

function openChannel(): MessageChannel {
  const channel = new MessageChannel();
  channels.push(channel);
  return channel;
}

describe('a recording that the page would decode', () => {
  it('is measured without anything loaded', async () => {
    const {answerTo} = setUp();
    const file = new Blob([readFileSync(repositoryPath('test/fixtures/speech/words.mp3'))]); // 4.2 s
    const ask = (id: number, seconds: number) =>
      answerTo({kind: 'lasts-longer', id, payload: {file, seconds}});
    expect(await ask(1, 4)).toMatchObject({kind: 'reply', request: 'lasts-longer', payload: true});
    expect(await ask(2, 5)).toMatchObject({payload: false});
  });
});

describe('loading', () => {
  it('says what was loaded, after every phase', async () => {
    const {said, answerTo} = setUp();
    const reply = await answerTo(loadRequest());
    expect(reply).toMatchObject({
      kind: 'reply',
      request: 'load',
      payload: {systemId: 'earshot-kws', engine: 'tfjs', numerics: 'float32', weights: {verified: true}},
    });
    const phases = said.flatMap((message) => (message.kind === 'progress' ? [message.phase] : []));
    expect([...new Set(phases)]).toEqual(['verify', 'compile']); // the file is the visitor's own
  });

  it('downloads what is built in once, and says where it keeps it', async () => {
    const {said, answerTo} = setUp();
    const url = 'https://example.test/models/earshot-kws/earshot-kws.safetensors';
    const fetched = serveFiles(new Map([[url, new Uint8Array(readFileSync(weightsFile))]]));
    const request: LoadRequest = {
      protocolVersion: PROTOCOL_VERSION,
      systemId: 'earshot-kws',
      modelBase: 'https://example.test/models/',
      allowUnverified: false,
    };
    for (const id of [1, 2]) {
      said.length = 0;
      const reply = await answerTo({kind: 'load', id, payload: request});
      expect(reply).toMatchObject({
        kind: 'reply',
        payload: {weights: {verified: true}, storage: {kind: 'memory', reason: expect.any(String) as string}},
      });
      const phases = said.flatMap((message) => (message.kind === 'progress' ? [message.phase] : []));
      const expected = id === 1 ? ['download', 'verify', 'compile'] : ['verify', 'compile'];
      expect([...new Set(phases)]).toEqual(expected);
    }
    expect(fetched).toHaveBeenCalledTimes(1);
    vi.unstubAllGlobals();
  });

  it.each([
    ['another protocol version', {protocolVersion: 0}, 'internal', 'got protocol version 0'],
    ['an unknown system', {systemId: 'nobody'}, 'internal', 'nobody'],
    ['a file of another digest', {weights: new Blob(['not weights'])}, 'model-integrity', 'SHA-256'],
    [
      'an unverified file that is no weights file',
      {weights: new Blob(['not weights']), allowUnverified: true},
      'model-format',
      'expected',
    ],
    ['an engine that does not offer the numerics', {numerics: 'int8-exact'}, 'internal', 'int8-exact'],
  ] as const)('refuses %s', async (_what, changes, code, words) => {
    const {answerTo} = setUp();
    const failure = await answerTo(loadRequest(changes));
    expect(failure).toMatchObject({kind: 'failure', error: {code}});
    expect((failure as Failure).error.message).toContain(words);
  });

  it.each([
    ['the default of the system', {}, 'default', 'tfjs float32'],
    ['what the page asks for', {engine: 'onnx', numerics: 'float32'}, 'asked', 'onnx float32'],
  ] as const)('says that it runs %s', async (_what, changes, basis, name) => {
    const {answerTo} = setUp();
    const reply = await answerTo(loadRequest(changes));
    expect(reply).toMatchObject({payload: {chosenBecause: {basis, measured: [], spentMs: 0}}});
    expect((reply as Extract<Reply, {request: 'load'}>).payload.chosenBecause.text).toContain(name);
  });

  it('leaves windows whole where taking over earlier columns saves too little, and says so', async () => {
    const {answerTo} = setUp();
    const reply = (await answerTo(loadRequest({incremental: {}}))) as Extract<Reply, {request: 'load'}>;
    expect(reply.payload.incremental).toMatchObject({isOn: false});
    expect(reply.payload.incremental?.text).toMatch(
      /^off: it would save \d+ % .* step of 100 ms, less than half$/,
    );
    const unasked = (await setUp().answerTo(loadRequest())) as Extract<Reply, {request: 'load'}>;
    expect(unasked.payload.incremental).toBeUndefined();
  });

  it('lets windows take over earlier columns where the hop asked for makes that worth it', async () => {
    const {answerTo} = setUp();
    const reply = (await answerTo(loadRequest({incremental: {hopMs: 80}}))) as Extract<
      Reply,
      {request: 'load'}
    >;
    expect(reply.payload).toMatchObject({engine: 'tfjs', numerics: 'float32', incremental: {isOn: true}});
    expect(reply.payload.incremental?.text).toContain('taken from the window 80 ms before');
  });

  it('says how many threads run, and why not as many as asked for', async () => {
    const {answerTo} = setUp();
    const reply = await answerTo(loadRequest({threadCount: 2}));
    expect(reply).toMatchObject({
      payload: {
        threadCount: 1,
        chosenBecause: {
          basis: 'default',
          text: 'tfjs float32: the default of the system. On 1 of the 2 threads asked for: tfjs takes one.',
        },
      },
    });
  });

  it('chooses an engine by measuring, and remembers it for as long as nothing changes', async () => {
    const auto = loadRequest({engine: 'auto', engineBudgetMs: 10_000});
    const storage = {caches: fakeCaches(), baseUrl: 'https://example.test/worker.js', device: 'browser 1'};
    const basisOf = async (message: ToEngine, changes: Partial<ChoiceStorage> = {}) => {
      const reply = await setUp({...storage, ...changes}).answerTo(message);
      return (reply as Extract<Reply, {request: 'load'}>).payload.chosenBecause;
    };
    const chosen = await basisOf(auto);
    expect(chosen.basis).toBe('measured');
    expect(chosen.leftOut).toMatchObject([
      {engine: 'integer', reason: 'unsupported'}, // the network is not quantised
      {engine: 'onnx-webgpu', reason: 'failed'},
      {engine: 'tfjs-webgpu'},
    ]); // no GPU in Node
    expect(chosen.measured.map(({engine, numerics}) => `${engine} ${numerics}`)).toEqual([
      'tfjs float32',
      'onnx float32',
    ]);
    expect(chosen.measured[1]?.difference).toBeLessThan(1e-5);
    expect(await basisOf(auto)).toMatchObject({basis: 'remembered', measured: chosen.measured});
    expect(await basisOf(auto, {device: 'browser 2'})).toMatchObject({basis: 'measured'});
  });

  it('ends when cancelled', async () => {
    const {service, answerTo} = setUp();
    const answer = answerTo(loadRequest());
    service.receive({kind: 'cancel', id: 1});
    expect(await answer).toMatchObject({kind: 'failure', error: {code: 'aborted'}});
  });
});

describe('listening', () => {
  it('hears a word, gives every buffer back, and says what it did when stopped', async () => {
    const {said, answerTo} = setUp();
    await answerTo(loadRequest());
    const {port1, port2} = openChannel();
    let returned = 0;
    port1.onmessage = () => returned++;
    expect(await answerTo(listenRequest(port2))).toMatchObject({kind: 'reply', request: 'listen'});
    const word = readMono(repositoryPath('test/fixtures/speech/left.wav'));
    const samples = concatenate([silence(700, 16000), word, silence(1000, 16000)]);
    sendAudio(port1, samples);
    const hit = await vi.waitUntil(() => said.find((one): one is KeywordFact => one.kind === 'keyword'), {
      timeout: 10_000,
    });
    expect(hit).toMatchObject({keyword: 'left'});
    await vi.waitUntil(() => returned === Math.ceil(samples.length / POOL_BUFFER_SAMPLES));
    const stopped = await answerTo({kind: 'stop', id: 3, payload: null});
    expect(stopped).toMatchObject({
      kind: 'reply',
      request: 'stop',
      payload: {droppedSamples: 0, overrunSamples: 0},
    });
    expect(said.filter(({kind}) => kind === 'level').length).toBe(returned);
  });

  it('needs a network first, and only one run at a time', async () => {
    const {answerTo} = setUp();
    expect(await answerTo(listenRequest(openChannel().port2))).toMatchObject({error: {code: 'internal'}});
    expect(await answerTo({kind: 'stop', id: 3, payload: null})).toMatchObject({error: {code: 'internal'}});
  });
});

it('refuses an unknown kind by name', () => {
  const {service} = setUp();
  expect(() => {
    service.receive({kind: 'dance'} as unknown as ToEngine);
  }).toThrow('"dance"');
});
