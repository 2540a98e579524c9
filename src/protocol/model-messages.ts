import type {MissingFile} from './download-question.ts';

/** Where a page's models may be had, beside the homes of their publishers. Absolute URLs that end in a slash. */
export interface ModelPlaces {
  /** The folder of models beside Earshot's own files: what is built in lies there. */
  readonly modelBase: string;
  /** URL of each file that comes with Earshot, by its path below that folder, where a bundler has moved them. */
  readonly builtIn?: Readonly<Record<string, string>>;
  /**
   * A folder of the same layout, asked first. With it no publisher's home is ever asked: the site says where its visitors'
   * models come from.
   */
  readonly mirror?: string;
}

/** What every request about models says. */
export interface ModelsRequest extends ModelPlaces {
  readonly protocolVersion: number;
}

/** A model of the catalogue. */
export interface ModelRequest extends ModelsRequest {
  readonly modelId: string;
}

/** A model whose files are to be on this device. */
export interface GetModelRequest extends ModelRequest {
  /** Keeps files whose digest the card does not list; they are marked unverified everywhere. */
  readonly allowUnverified: boolean;
}

/** The visitor's own copy of a published file. */
export interface AddModelRequest extends ModelsRequest {
  readonly file: Blob;
}

/** A load, before anything is fetched for it. */
export interface QuestionRequest extends ModelsRequest {
  /** The models that it needs: a system and what goes with it. */
  readonly modelIds: readonly string[];
  /** More than so many megabytes are not downloaded unasked. Default: any number is. */
  readonly askAbove?: number;
  /** Whether the visitor wants to save data. */
  readonly savesData: boolean;
}

/** A file of a model. */
export interface ModelFileEntry extends MissingFile {
  /** Where it is asked for, in this order. */
  readonly urls: readonly string[];
  /** SHA-256 of the file on this device, lower-case hex; undefined where it is not here. */
  readonly storedSha256: string | undefined;
  /** Whether a digest of it is published; where none is, the file is called unverified. */
  readonly isPinned: boolean;
}

/** A model of the catalogue, and what of it is on this device. */
export interface ModelEntry {
  readonly id: string;
  readonly task: 'keyword-spotting' | 'transcription' | 'language-model' | 'lexicon';
  /** Whether it comes with Earshot. */
  readonly isBuiltIn: boolean;
  /** Whether all of its files are here, so that it loads without a request. */
  readonly isInstalled: boolean;
  /**
   * As published; of a system that is imported from a checkpoint the network, where that is here, else the checkpoint.
   * A network that was imported on this device of a checkpoint that the card lists counts, and has no addresses.
   */
  readonly files: readonly ModelFileEntry[];
  /** Bytes of it on this device, of a download or an import that was cut off too. */
  readonly storedBytes: number;
  /**
   * Those of networks that were imported on this device. Where it is not installed, they are of a checkpoint that no card
   * lists, or in other numerics: they are used when that is given or asked for again.
   */
  readonly importedBytes: number;
}

/** A file on this device that belongs to no model of the catalogue: of an earlier version, or the visitor's own. */
export interface OtherFile {
  readonly sha256: string; // lower-case hex
  readonly name: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly lastUsedAt: number;
}

/** All models, and what else is kept. */
export interface ModelListing {
  readonly models: readonly ModelEntry[];
  readonly others: readonly OtherFile[];
}

/** Where files are kept. */
export interface StorageKind {
  /** `opfs` and `cache` outlast the visit, `memory` ends with the worker. */
  readonly kind: 'opfs' | 'cache' | 'memory';
  /** Why nothing better could be had, for people to read; absent for `opfs`. */
  readonly reason?: string;
}

/** How much room there is, in bytes. */
export interface StorageReport extends StorageKind {
  /** Of the files here, whole and partial. */
  readonly modelBytes: number;
  /** That the whole site uses, as the browser counts; undefined where it does not say. */
  readonly usedBytes: number | undefined;
  /** That the site may use at most; undefined where the browser does not say. */
  readonly quotaBytes: number | undefined;
  /** Whether the browser has promised not to clear the site's storage on its own. */
  readonly isPersisted: boolean;
}
