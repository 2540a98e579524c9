import type {ModelStore, PartialFile} from '../../src/models/storage/model-store.ts';
import {openModelStore} from '../../src/models/storage/open-model-store.ts';
import {sha256Hex} from '../../src/models/verify-weights.ts';
import {toErrorReport, type ErrorReport} from '../../src/protocol/speech-error.ts';

/** What the worker is asked to do with its store, or with the partial file that it has open. */
export type StoreTask =
  | {readonly kind: 'open'; readonly lacks?: readonly ('private files' | 'cache')[]}
  | {readonly kind: 'begin'; readonly key: string; readonly expectedBytes?: number}
  | {readonly kind: 'restart'; readonly validator: string}
  | {readonly kind: 'append'; readonly megabytes: number}
  | {readonly kind: 'digest' | 'commit' | 'close' | 'list' | 'list-partials' | 'estimate'}
  | {readonly kind: 'find' | 'remove'; readonly sha256: string};

let store: ModelStore;
let partial: PartialFile;

/** Does it. */
async function perform(task: StoreTask): Promise<unknown> {
  switch (task.kind) {
    case 'open':
      store = await openStore(task.lacks);
      return {kind: store.kind, reason: store.reason};
    case 'begin':
      partial = await store.openPartial(task.key, task.expectedBytes);
      return {sizeBytes: partial.sizeBytes, validator: partial.validator};
    case 'restart':
      await partial.restart(task.validator);
      return;
    case 'append':
      return await append(task.megabytes);
    case 'digest':
      return await digestPartial();
    case 'commit': {
      const blob = await partial.commit({sha256: await digestPartial(), name: 'model.onnx'});
      return await digest(blob);
    }
    case 'close':
      await partial.close();
      return;
    case 'find':
      return await digest(await store.find(task.sha256));
    case 'remove':
      await store.remove(task.sha256);
      return;
    case 'list':
      return await store.list();
    case 'list-partials':
      return await store.listPartials();
    case 'estimate':
      return await store.estimate();
  }
}

async function openStore(lacks: readonly string[] = []): Promise<ModelStore> {
  const {storage} = navigator;
  const denied = {
    getDirectory: () => Promise.reject(new DOMException('Denied.', 'SecurityError')),
    estimate: () => storage.estimate(),
    persisted: () => storage.persisted(),
  };
  return await openModelStore({
    storage: lacks.includes('private files') ? denied : storage,
    caches: lacks.includes('cache') ? undefined : caches,
    locks: navigator.locks,
    baseUrl: self.location.href,
  });
}

/** Goes on to a whole megabyte, so many times; the n-th begins with n: what is lost or doubled changes the digest. */
async function append(megabytes: number): Promise<number> {
  const chunk = new Uint8Array(1_000_000);
  for (let count = 0; count < megabytes; count++) {
    const {sizeBytes} = partial;
    new DataView(chunk.buffer).setUint32(0, Math.floor(sizeBytes / chunk.length));
    await partial.append(chunk.subarray(sizeBytes % chunk.length));
  }
  return partial.sizeBytes;
}

async function digestPartial(): Promise<string> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let offset = 0; offset < partial.sizeBytes; offset += pieces.at(-1)!.length) {
    pieces.push(await partial.read(offset, 4_000_000));
  }
  return await sha256Hex(new Uint8Array(await new Blob(pieces).arrayBuffer()));
}

async function digest(blob: Blob | undefined): Promise<string | undefined> {
  return blob && (await sha256Hex(new Uint8Array(await blob.arrayBuffer())));
}

/** What the worker answers. */
export type StoreAnswer = {readonly value: unknown} | {readonly error: ErrorReport};

self.onmessage = ({data}: MessageEvent<StoreTask>) => {
  const answer = (reply: StoreAnswer): void => self.postMessage(reply);
  perform(data).then(
    (value) => answer({value}),
    (error: unknown) => answer({error: toErrorReport(error)}),
  );
};
