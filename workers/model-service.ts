import {randomAccessOf} from '../src/formats/random-access.ts';
import {unfinishedKeys} from '../src/import/import-origin.ts';
import {catalogueModels, findModel, type CatalogueModel} from '../src/models/catalogue-model.ts';
import {downloadKey} from '../src/models/download/download-key.ts';
import {questionBefore} from '../src/models/download/question-before.ts';
import {explainMissing} from '../src/models/explain-missing.ts';
import {computeDigests} from '../src/models/file-digests.ts';
import type {FileLibrary, WantedFile} from '../src/models/file-library.ts';
import {findMissing, LoadFiles} from '../src/models/load-files.ts';
import {ModelIntegrityError} from '../src/models/model-integrity-error.ts';
import {choiceFor} from '../src/models/running-digests.ts';
import type {StoredFile, StoredPartial} from '../src/models/storage/model-store.ts';
import {describeDigests, verifyDigests} from '../src/models/verify-weights.ts';
import type {DownloadQuestion} from '../src/protocol/download-question.ts';
import type {ProgressFact} from '../src/protocol/messages.ts';
import type {
  AddModelRequest,
  GetModelRequest,
  ModelEntry,
  ModelListing,
  ModelPlaces,
  ModelRequest,
  ModelsRequest,
  QuestionRequest,
  StorageReport,
} from '../src/protocol/model-messages.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import {checkVersion} from './check-version.ts';

const SHA256 = /^[0-9a-f]{64}$/;

/** Answers a page's questions about models, and has their files come and go. Worker. */
export class ModelService {
  readonly #library: FileLibrary;
  readonly #post: (fact: ProgressFact) => void;

  constructor(library: FileLibrary, post: (fact: ProgressFact) => void) {
    this.#library = library;
    this.#post = post;
  }

  /**
   * What to ask the visitor before these models are loaded; null where nothing need be asked. Nothing is fetched but the
   * manifests of imported networks.
   * @throws RangeError for a model that nobody knows; the signal's reason where it aborts.
   */
  async questionBefore(
    {modelIds, askAbove, savesData, ...request}: QuestionRequest,
    signal: AbortSignal,
  ): Promise<DownloadQuestion | null> {
    checkVersion(request);
    const models = modelIds.map(findModel);
    const wanted = await Promise.all(models.map((model) => this.#wantedOf(model, request, signal)));
    const missing = await findMissing(this.#library, wanted.flat());
    const files = missing.map(({file: {name, bytes}}) => ({name, bytes}));
    return questionBefore(files, {askAbove, savesData}) ?? null;
  }

  /** All models of the catalogue, with what of them is here, and what else is. Nothing is fetched or digested. */
  async list(request: ModelsRequest, signal: AbortSignal): Promise<ModelListing> {
    checkVersion(request);
    const {store} = this.#library;
    const stored = await store.list();
    const partials = await store.listPartials();
    const models: ModelEntry[] = [];
    const known = new Set<StoredFile>();
    for (const model of catalogueModels) {
      const own = stored.filter((file) => isOf(file, model));
      for (const file of own) known.add(file);
      models.push(describe(model, {own, partials, wanted: await this.#filesHere(model, request, signal)}));
    }
    const others = stored.filter((file) => !known.has(file));
    return {
      models,
      others: others.map(({sha256, name, bytes, lastUsedAt}) => ({sha256, name, bytes, lastUsedAt})),
    };
  }

  /**
   * Has all files of a model come, so that it loads without a request.
   * @throws as `FileLibrary.get`.
   */
  async get(request: GetModelRequest, signal: AbortSignal): Promise<null> {
    checkVersion(request);
    const {modelId, allowUnverified} = request;
    const model = findModel(modelId);
    const wanted = await this.#wantedOf(model, request, signal);
    const files = await LoadFiles.plan(this.#library, wanted, {
      signal,
      onProgress: (progress) => {
        this.#post({kind: 'progress', modelId, ...progress});
      },
    });
    try {
      for (const one of wanted) await files.get(one, {allowUnverified});
    } catch (error) {
      throw model.card ? explainMissing(model.card, error) : error;
    }
    return null;
  }

  /**
   * Compares what is here of a model with its digests.
   * @throws ModelIntegrityError where a file has changed, which is removed; SpeechError `model-integrity` where nothing of
   * it is here.
   */
  async verify(request: ModelRequest, signal: AbortSignal): Promise<null> {
    checkVersion(request);
    const {modelId} = request;
    const stored = (await this.#library.store.list()).filter((file) => isOf(file, findModel(modelId)));
    if (stored.length === 0) {
      throw new SpeechError('model-integrity', `got no file of ${modelId} here, expected it installed`);
    }
    const damaged: ModelIntegrityError[] = [];
    const options = {
      signal,
      onDownload: () => undefined,
      onVerify: (loadedBytes: number, totalBytes: number) => {
        this.#post({kind: 'progress', modelId, phase: 'verify', loadedBytes, totalBytes});
      },
      onDamaged: (error: ModelIntegrityError) => damaged.push(error),
    };
    for (const {name, sha256, bytes} of stored) {
      const accepted = [{sha256, bytes, what: 'the file that was stored'}];
      await this.#library.open({file: {name, urls: [], accepted}, modelId}, options);
    }
    const [first] = damaged;
    if (first) throw first;
    return null;
  }

  /**
   * Removes all that is here of a model, whole or in part, or one file by its SHA-256.
   * @throws RangeError for a model that nobody knows; SpeechError `internal` where another tab is downloading or importing
   * it.
   */
  async remove(request: ModelRequest, signal: AbortSignal): Promise<null> {
    checkVersion(request);
    const {store} = this.#library;
    const {modelId} = request;
    if (SHA256.test(modelId)) {
      await store.remove(modelId);
      return null;
    }
    const model = findModel(modelId);
    const wanted = [model.locate(request), ...(await this.#filesHere(model, request, signal))];
    for (const file of await store.list()) if (isOf(file, model)) await store.remove(file.sha256);
    for (const one of wanted) {
      if (!(await this.#library.remove(one))) throw inUse(one.file.name);
    }
    for (const {key} of await store.listPartials()) {
      if (key.startsWith(unfinishedKeys(modelId)) && !(await store.removePartial(key))) throw inUse(key);
    }
    return null;
  }

  /**
   * Keeps the visitor's own copy of a published file.
   * @returns the id of the model that it is of.
   * @throws ModelIntegrityError where it is no file of the catalogue: then it is not kept; StorageFullError.
   */
  async add({file: blob, ...request}: AddModelRequest, signal: AbortSignal): Promise<string> {
    checkVersion(request);
    const models = catalogueModels.filter(({accepted}) => accepted.some(({bytes}) => bytes === blob.size));
    const tell =
      (phase: ProgressFact['phase']) =>
      (loadedBytes: number, totalBytes: number): void => {
        this.#post({kind: 'progress', modelId: '', phase, loadedBytes, totalBytes});
      };
    const digests = await computeDigests(randomAccessOf(blob), {
      ...choiceFor(models.flatMap(({accepted}) => accepted)),
      signal,
      onProgress: tell('verify'),
    });
    const model = models.find(
      ({id, accepted}) => verifyDigests({id, accepted}, digests, {allowUnverified: true}).verified,
    );
    if (!model) {
      const got = `${digests.bytes} bytes with ${describeDigests(digests)}`;
      throw new ModelIntegrityError(got, 'a file that a card of the catalogue lists');
    }
    const options = {signal, onProgress: tell('import')};
    await this.#library.keep(model.locate(request), {blob, sha256: digests.sha256}, options);
    return model.id;
  }

  /** How much room there is, and where files are kept. */
  async estimate(): Promise<StorageReport> {
    const {store} = this.#library;
    const {kind, reason} = store;
    return {kind, ...(reason !== undefined && {reason}), ...(await store.estimate())};
  }

  async #wantedOf(
    model: CatalogueModel,
    places: ModelPlaces,
    signal: AbortSignal,
  ): Promise<readonly WantedFile[]> {
    if (model.card?.weights.format !== 'torch') return [model.locate(places)];
    // what checkpoints need, a page without one never downloads
    const {findCheckpoint} = await import('./find-checkpoint.ts');
    const {files} = await findCheckpoint(model.card, places, this.#library, signal);
    return files;
  }

  /** The files of a model as they are to be here, if any are; of a checkpoint those of the imported network. */
  async #filesHere(
    model: CatalogueModel,
    places: ModelPlaces,
    signal: AbortSignal,
  ): Promise<readonly WantedFile[]> {
    const published = [model.locate(places)];
    if (model.card?.weights.format !== 'torch') return published;
    const {findFilesHere} = await import('./find-checkpoint.ts');
    const imported = await findFilesHere(model.card, places, this.#library, signal);
    return imported.length > 0 ? imported : published;
  }
}

/** What is here, and what there is to be. */
interface Found {
  /** Stored files that are the model's. */
  readonly own: readonly StoredFile[];
  /** Files that are not written to their end, of any model. */
  readonly partials: readonly StoredPartial[];
  /** The model's files as they are to be here. */
  readonly wanted: readonly WantedFile[];
}

/** What the page is told of a model. */
function describe({id, task, isBuiltIn}: CatalogueModel, {own, partials, wanted}: Found): ModelEntry {
  const files = wanted.map(({file: {name, bytes, urls, accepted}}) => {
    const stored = own.find(
      (file) =>
        accepted.some(({sha256}) => sha256 === file.sha256) ||
        (file.name === name && file.madeFrom === undefined),
    );
    return {
      name,
      bytes: bytes ?? stored?.bytes,
      urls,
      storedSha256: stored?.sha256,
      isPinned: accepted.length > 0,
    };
  });
  const keys = new Set(wanted.map(({file}) => downloadKey(file)));
  const parts = partials.filter(({key}) => keys.has(key) || key.startsWith(unfinishedKeys(id)));
  const imported = own.filter(({madeFrom}) => madeFrom !== undefined);
  return {
    id,
    task,
    isBuiltIn,
    isInstalled: files.every(({storedSha256}) => storedSha256 !== undefined),
    files,
    storedBytes: totalBytes(own) + totalBytes(parts),
    importedBytes: totalBytes(imported),
  };
}

function inUse(name: string): SpeechError {
  const expected = 'expected nothing to be written to it while it is removed';
  return new SpeechError('internal', `got ${name} open in another tab, ${expected}`);
}

function totalBytes(files: readonly {readonly bytes: number}[]): number {
  return files.reduce((sum, {bytes}) => sum + bytes, 0);
}

/** Whether a stored file is a model's: got for it, or one that its card lists. */
function isOf({systemId, sha256}: StoredFile, {id, accepted}: CatalogueModel): boolean {
  return systemId === id || accepted.some((known) => known.sha256 === sha256);
}
