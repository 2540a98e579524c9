import type {FileEntry} from './model-store.ts';
import type {StorageBackend} from './storage-backend.ts';

/** What is noted of a whole file, once. */
export interface EntryNote extends Omit<FileEntry, 'sha256'> {
  readonly bytes: number;
  readonly storedAt: number; // ms since 1970
}

/** What is noted of a whole file each time that it is used. */
export interface UseNote {
  readonly lastUsedAt: number; // ms since 1970
}

/** What is noted of a partial file. */
export interface PartialNote {
  readonly key: string;
  readonly expectedBytes?: number | undefined;
  readonly validator?: string | undefined;
}

/** The notes of each kind, and how the names of their files end. */
interface Notes {
  readonly '.json': EntryNote;
  readonly '.used.json': UseNote;
  readonly '.part.json': PartialNote;
}

/** A note has these fields at least; who reads one may lack the rest. */
const REQUIRED: Readonly<Record<keyof Notes, Readonly<Record<string, 'string' | 'number'>>>> = {
  '.json': {name: 'string', bytes: 'number', storedAt: 'number'},
  '.used.json': {lastUsedAt: 'number'},
  '.part.json': {key: 'string'},
};

/** The note on a file; undefined where there is none, or its writer was killed before it was whole. */
export async function readNote<Kind extends keyof Notes>(
  backend: StorageBackend,
  stem: string,
  kind: Kind,
): Promise<Notes[Kind] | undefined> {
  const text = await (await backend.read(stem + kind))?.text();
  if (text === undefined) return undefined;
  try {
    const note = JSON.parse(text) as Record<string, unknown>;
    const isWhole = Object.entries(REQUIRED[kind]).every(([field, type]) => typeof note[field] === type);
    return isWhole ? (note as unknown as Notes[Kind]) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Notes something on a file.
 * @throws DOMException `QuotaExceededError`
 */
export async function writeNote<Kind extends keyof Notes>(
  backend: StorageBackend,
  stem: string,
  kind: Kind,
  note: Notes[Kind],
): Promise<void> {
  const file = await backend.open(stem + kind);
  try {
    await file.truncate();
    await file.append(new TextEncoder().encode(JSON.stringify(note)));
  } finally {
    await file.close();
  }
}

/** Notes what may be lost: a disk that is full, or another worker that notes the same, keeps nobody from his model. */
export async function tryNote<Kind extends keyof Notes>(
  ...note: Parameters<typeof writeNote<Kind>>
): Promise<void> {
  await writeNote(...note).catch(() => undefined);
}
