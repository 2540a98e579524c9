import {describe, expect, it} from 'vitest';
import {
  applyMelFilterbank,
  countUsedBins,
  createMelFilterbank,
  hzToMel,
  melToHz,
} from '../../src/features/mel-filterbank.ts';
import type {MelFilterbankOptions} from '../../src/features/mel-filterbank.ts';
import {seededRandom} from '../support/prng.ts';
import type {SeededRandom} from '../support/prng.ts';

function randomOptions(random: SeededRandom): MelFilterbankOptions {
  const sampleRateHz = random.pick([8000, 16_000, 22_050, 48_000]);
  const melMinHz = random.between(0, 300);
  return {
    sampleRateHz,
    fftLength: random.pick([256, 320, 400, 512, 1024, 2048]),
    melCount: random.integer(1, 128),
    melScale: random.pick(['htk', 'slaney']),
    melMinHz,
    melMaxHz: random.between(melMinHz + 500, sampleRateHz / 2),
    melNorm: random.pick(['peak', 'area']),
  };
}

describe('any mel filterbank (seeded)', () => {
  const random = seededRandom(31);
  const banks = Array.from({length: 200}, () => {
    const options = randomOptions(random);
    return {
      options,
      bank: createMelFilterbank(options),
      label: `seed ${random.seed}, ${JSON.stringify(options)}`,
    };
  });

  it('has positive weights only, stored end to end', () => {
    for (const {bank, label} of banks) {
      expect(
        bank.weights.every((weight) => weight > 0),
        label,
      ).toBe(true);
      let end = 0;
      for (let mel = 0; mel < bank.melCount; mel++) {
        expect(bank.offset[mel], label).toBe(end);
        end += bank.length[mel] ?? NaN;
      }
      expect(bank.weights.length, label).toBe(end);
    }
  });

  it('stays between its edges and within the spectrum', () => {
    for (const {options, bank, label} of banks) {
      const spacingHz = options.sampleRateHz / options.fftLength;
      const binCount = Math.floor(options.fftLength / 2) + 1;
      bank.start.forEach((start, mel) => {
        const length = bank.length[mel] ?? NaN;
        if (length === 0) return;
        expect(start * spacingHz, label).toBeGreaterThan(options.melMinHz - 1e-9);
        expect((start + length - 1) * spacingHz, label).toBeLessThan(options.melMaxHz + 1e-9);
        expect(start + length, label).toBeLessThanOrEqual(binCount);
      });
      expect(countUsedBins(bank), label).toBeLessThanOrEqual(binCount);
    }
  });

  it('rises to one peak and falls', () => {
    for (const {bank, label} of banks) {
      bank.offset.forEach((offset, mel) => {
        const weights = [...bank.weights.subarray(offset, offset + (bank.length[mel] ?? NaN))];
        const peak = weights.indexOf(Math.max(...weights));
        const isSorted = weights.every((weight, index) => {
          const next = weights[index + 1];
          return next === undefined || (index < peak ? next >= weight : next <= weight);
        });
        expect(isSorted, `${label}, band ${mel}`).toBe(true);
      });
    }
  });

  it('shares each inner bin out to a sum of 1 where peaks are 1', () => {
    const bank = createMelFilterbank({
      sampleRateHz: 16_000,
      fftLength: 1024,
      melCount: 40,
      melScale: 'htk',
      melMinHz: 20,
      melMaxHz: 4000,
      melNorm: 'peak',
    });
    const out = new Float32Array(40);
    for (let bin = 8; bin < 240; bin++) {
      const power = new Float32Array(513);
      power[bin] = 1;
      applyMelFilterbank(bank, power, out);
      expect(
        out.reduce((sum, energy) => sum + energy, 0),
        `bin ${bin}`,
      ).toBeCloseTo(1, 6);
    }
  });

  it('has unit area where that is its norm', () => {
    const options = {sampleRateHz: 16_000, fftLength: 4096, melMinHz: 0, melMaxHz: 8000} as const;
    const bank = createMelFilterbank({...options, melCount: 20, melScale: 'slaney', melNorm: 'area'});
    const flat = new Float32Array(2049).fill(16_000 / 4096); // the bin spacing: the sum becomes an integral over hertz
    const out = new Float32Array(20);
    applyMelFilterbank(bank, flat, out);
    for (const area of out) expect(Math.abs(area - 1)).toBeLessThan(0.002);
  });
});

describe('the mel scales', () => {
  it.each(['htk', 'slaney'] as const)('%s turns back to hertz', (scale) => {
    for (let hz = 0; hz <= 24_000; hz += 37) expect(melToHz(scale, hzToMel(scale, hz))).toBeCloseTo(hz, 8);
  });

  it('have their published fixed points', () => {
    expect(hzToMel('htk', 700)).toBeCloseTo(1127 * Math.LN2, 10);
    expect(hzToMel('slaney', 1000)).toBe(15);
    expect(hzToMel('slaney', 6400)).toBeCloseTo(42, 10);
  });
});

describe('createMelFilterbank refuses', () => {
  const good: MelFilterbankOptions = {
    sampleRateHz: 16_000,
    fftLength: 512,
    melCount: 40,
    melScale: 'htk',
    melMinHz: 20,
    melMaxHz: 8000,
    melNorm: 'peak',
  };

  it.each([
    [{melCount: 0}, 'melCount: got 0, expected a positive integer'],
    [{fftLength: 131_072}, 'fftLength: got 131072, expected an integer in 2…131070'],
    [{melMinHz: -1}, 'mel edges: got -1…8000 Hz, expected 0 ≤ min < max ≤ 8000 Hz'],
    [{melMinHz: 8000}, 'mel edges: got 8000…8000 Hz'],
    [{melMaxHz: 8001}, 'mel edges: got 20…8001 Hz'],
    [{melMaxHz: NaN}, 'mel edges: got 20…NaN Hz'],
    [{melScale: 'kaldi' as 'htk'}, 'melScale: got "kaldi"'],
    [{melNorm: 'none' as 'peak'}, 'melNorm: got "none"'],
  ])('%j', (change, message) => {
    expect(() => createMelFilterbank({...good, ...change})).toThrow(RangeError);
    expect(() => createMelFilterbank({...good, ...change})).toThrow(message);
  });
});
