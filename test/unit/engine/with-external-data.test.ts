import {describe, expect, it} from 'vitest';
import {withExternalData} from '../../../src/engine/with-external-data.ts';

const LENGTH = 9 * 2 ** 20 + 3; // several pieces, the last one short
const bytes = Uint8Array.from({length: LENGTH}, (_, index) => index % 251);
/** What is left of an array once its buffer has been given back: nothing, but where the runtime cannot do that. */
const lengthGivenBack = 'transfer' in ArrayBuffer.prototype ? 0 : LENGTH;

describe('files with a network’s constants', () => {
  it('are whole while they are used, and given back then', async () => {
    let kept = new Uint8Array();
    const sum = await withExternalData([{path: 'a', data: new Blob([bytes])}], ([file]) => {
      kept = file?.data as Uint8Array<ArrayBuffer>;
      expect(file?.path).toBe('a');
      expect(Buffer.compare(kept, bytes)).toBe(0);
      return Promise.resolve(kept.length);
    });
    expect(sum).toBe(LENGTH);
    expect(kept.length).toBe(lengthGivenBack);
  });

  it('are given back where using them fails', async () => {
    let kept = new Uint8Array();
    const failing = withExternalData([{path: 'a', data: new Blob([bytes])}], ([file]) => {
      kept = file?.data as Uint8Array<ArrayBuffer>;
      return Promise.reject(new Error('no network'));
    });
    await expect(failing).rejects.toThrow('no network');
    expect(kept.length).toBe(lengthGivenBack);
  });

  it('stay whose they are where they came as bytes', async () => {
    const own = bytes.slice();
    const given = await withExternalData([{path: 'a', data: own}], ([file]) => Promise.resolve(file?.data));
    expect(given).toBe(own);
    expect(own.length).toBe(LENGTH);
  });
});
