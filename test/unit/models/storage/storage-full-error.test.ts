import {describe, expect, it} from 'vitest';
import {StorageFullError} from '../../../../src/models/storage/storage-full-error.ts';
import {toErrorReport} from '../../../../src/protocol/speech-error.ts';

const file = {sha256: '0'.repeat(64), name: 'small.onnx', bytes: 23_400_000, storedAt: 1, lastUsedAt: 2};

describe('StorageFullError', () => {
  it('says what is needed, what there is, and what could be removed', () => {
    const error = new StorageFullError({neededBytes: 95e6, freeBytes: 12.04e6, removable: [file]});
    expect(toErrorReport(error)).toEqual({
      code: 'storage-full',
      message:
        "got 12.0 MB free in the site's storage, expected 95.0 MB; what could be removed, least recently used first: small.onnx (23.4 MB)",
    });
    expect(error.removable).toEqual([file]);
  });

  it('says so where nothing is known and nothing could be removed', () => {
    const {message} = new StorageFullError({neededBytes: 1e6, freeBytes: undefined, removable: []});
    expect(message).toBe(
      "got less free in the site's storage, expected 1.0 MB; there is no model that could be removed",
    );
  });
});
