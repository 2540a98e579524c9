/**
 * One pass of a self-sorting (Stockham) decimation-in-frequency transform: `blockCount` butterflies of `radix`
 * legs, each applied to `stride` interleaved sub-sequences.
 */
export interface FftStage {
  readonly radix: 2 | 3 | 4 | 5;
  readonly blockCount: number;
  readonly stride: number;
  /** [blockCount × (radix − 1)] pairs: cos and sin of −2π·block·leg / (radix·blockCount), leg from 1. */
  readonly twiddles: Float64Array;
}

/** Plans one pass. Any thread. */
export function createFftStage(radix: FftStage['radix'], blockCount: number, stride: number): FftStage {
  const legCount = radix - 1;
  const twiddles = new Float64Array(2 * blockCount * legCount);
  for (let block = 0; block < blockCount; block++) {
    for (let leg = 1; leg <= legCount; leg++) {
      const angle = (-2 * Math.PI * block * leg) / (radix * blockCount);
      const place = 2 * (block * legCount + leg - 1);
      twiddles[place] = Math.cos(angle);
      twiddles[place + 1] = Math.sin(angle);
    }
  }
  return {radix, blockCount, stride, twiddles};
}

/**
 * Runs one pass from x to y: y[q + s(r·p + j)] = ω^(p·j) · Σ_k x[q + s(p + m·k)] · e^(−2πi·j·k/r), where r is
 * the radix, m `blockCount`, s `stride` and ω = e^(−2πi/(r·m)) (Stockham's autosort, so no bit reversal).
 * @param x [complex length] pairs of real and imaginary part, left as they are.
 * @param y the same, overwritten. Must not alias `x`.
 * Any thread. Allocates nothing.
 */
export function applyFftStage(stage: FftStage, x: Float64Array, y: Float64Array): void {
  switch (stage.radix) {
    case 2:
      return applyRadix2(stage, x, y);
    case 3:
      return applyRadix3(stage, x, y);
    case 4:
      return applyRadix4(stage, x, y);
    case 5:
      return applyRadix5(stage, x, y);
  }
}

function applyRadix2(stage: FftStage, x: Float64Array, y: Float64Array): void {
  const {blockCount, twiddles} = stage;
  const step = 2 * stage.stride;
  const leg = blockCount * step;
  for (let block = 0; block < blockCount; block++) {
    const wRe = twiddles[2 * block];
    const wIm = twiddles[2 * block + 1];
    let out = 2 * block * step;
    for (let a = block * step, end = a + step; a < end; a += 2, out += 2) {
      const b = a + leg;
      const dRe = x[a] - x[b];
      const dIm = x[a + 1] - x[b + 1];
      y[out] = x[a] + x[b];
      y[out + 1] = x[a + 1] + x[b + 1];
      y[out + step] = dRe * wRe - dIm * wIm;
      y[out + step + 1] = dRe * wIm + dIm * wRe;
    }
  }
}

const SIN_60 = Math.sqrt(3) / 2;

function applyRadix3(stage: FftStage, x: Float64Array, y: Float64Array): void {
  const {blockCount, twiddles} = stage;
  const step = 2 * stage.stride;
  const leg = blockCount * step;
  for (let block = 0; block < blockCount; block++) {
    const w1Re = twiddles[4 * block];
    const w1Im = twiddles[4 * block + 1];
    const w2Re = twiddles[4 * block + 2];
    const w2Im = twiddles[4 * block + 3];
    let out = 3 * block * step;
    for (let a = block * step, end = a + step; a < end; a += 2, out += 2) {
      const b = a + leg;
      const c = b + leg;
      const sumRe = x[b] + x[c];
      const sumIm = x[b + 1] + x[c + 1];
      const midRe = x[a] - 0.5 * sumRe;
      const midIm = x[a + 1] - 0.5 * sumIm;
      // −i·sin 60°·(b − c)
      const turnRe = SIN_60 * (x[b + 1] - x[c + 1]);
      const turnIm = SIN_60 * (x[c] - x[b]);
      const uRe = midRe + turnRe;
      const uIm = midIm + turnIm;
      const vRe = midRe - turnRe;
      const vIm = midIm - turnIm;
      y[out] = x[a] + sumRe;
      y[out + 1] = x[a + 1] + sumIm;
      y[out + step] = uRe * w1Re - uIm * w1Im;
      y[out + step + 1] = uRe * w1Im + uIm * w1Re;
      y[out + 2 * step] = vRe * w2Re - vIm * w2Im;
      y[out + 2 * step + 1] = vRe * w2Im + vIm * w2Re;
    }
  }
}

function applyRadix4(stage: FftStage, x: Float64Array, y: Float64Array): void {
  const {blockCount, twiddles} = stage;
  const step = 2 * stage.stride;
  const leg = blockCount * step;
  for (let block = 0; block < blockCount; block++) {
    const w1Re = twiddles[6 * block];
    const w1Im = twiddles[6 * block + 1];
    const w2Re = twiddles[6 * block + 2];
    const w2Im = twiddles[6 * block + 3];
    const w3Re = twiddles[6 * block + 4];
    const w3Im = twiddles[6 * block + 5];
    let out = 4 * block * step;
    for (let a = block * step, end = a + step; a < end; a += 2, out += 2) {
      const b = a + leg;
      const c = b + leg;
      const d = c + leg;
      // two butterflies of two legs
      const acRe = x[a] + x[c];
      const acIm = x[a + 1] + x[c + 1];
      const acDiffRe = x[a] - x[c];
      const acDiffIm = x[a + 1] - x[c + 1];
      const bdRe = x[b] + x[d];
      const bdIm = x[b + 1] + x[d + 1];
      const bdDiffRe = x[b] - x[d];
      const bdDiffIm = x[b + 1] - x[d + 1];
      // joined by −i, then turned by the twiddles
      const uRe = acDiffRe + bdDiffIm;
      const uIm = acDiffIm - bdDiffRe;
      const vRe = acRe - bdRe;
      const vIm = acIm - bdIm;
      const zRe = acDiffRe - bdDiffIm;
      const zIm = acDiffIm + bdDiffRe;
      y[out] = acRe + bdRe;
      y[out + 1] = acIm + bdIm;
      y[out + step] = uRe * w1Re - uIm * w1Im;
      y[out + step + 1] = uRe * w1Im + uIm * w1Re;
      y[out + 2 * step] = vRe * w2Re - vIm * w2Im;
      y[out + 2 * step + 1] = vRe * w2Im + vIm * w2Re;
      y[out + 3 * step] = zRe * w3Re - zIm * w3Im;
      y[out + 3 * step + 1] = zRe * w3Im + zIm * w3Re;
    }
  }
}

const COS_72 = Math.cos((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);
const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);

function applyRadix5(stage: FftStage, x: Float64Array, y: Float64Array): void {
  const {blockCount, twiddles} = stage;
  const step = 2 * stage.stride;
  const leg = blockCount * step;
  for (let block = 0; block < blockCount; block++) {
    const w = 8 * block;
    let out = 5 * block * step;
    for (let a = block * step, end = a + step; a < end; a += 2, out += 2) {
      const b = a + leg;
      const c = b + leg;
      const d = c + leg;
      const e = d + leg;
      // legs 1 and 4, 2 and 3 are mirror images: sums share the cosines, differences the sines
      const beRe = x[b] + x[e];
      const beIm = x[b + 1] + x[e + 1];
      const beDiffRe = x[b] - x[e];
      const beDiffIm = x[b + 1] - x[e + 1];
      const cdRe = x[c] + x[d];
      const cdIm = x[c + 1] + x[d + 1];
      const cdDiffRe = x[c] - x[d];
      const cdDiffIm = x[c + 1] - x[d + 1];
      const nearRe = x[a] + COS_72 * beRe + COS_144 * cdRe;
      const nearIm = x[a + 1] + COS_72 * beIm + COS_144 * cdIm;
      const farRe = x[a] + COS_144 * beRe + COS_72 * cdRe;
      const farIm = x[a + 1] + COS_144 * beIm + COS_72 * cdIm;
      const nearTurnRe = SIN_72 * beDiffIm + SIN_144 * cdDiffIm;
      const nearTurnIm = -(SIN_72 * beDiffRe + SIN_144 * cdDiffRe);
      const farTurnRe = SIN_144 * beDiffIm - SIN_72 * cdDiffIm;
      const farTurnIm = SIN_72 * cdDiffRe - SIN_144 * beDiffRe;
      y[out] = x[a] + beRe + cdRe;
      y[out + 1] = x[a + 1] + beIm + cdIm;
      const p1Re = nearRe + nearTurnRe;
      const p1Im = nearIm + nearTurnIm;
      y[out + step] = p1Re * twiddles[w] - p1Im * twiddles[w + 1];
      y[out + step + 1] = p1Re * twiddles[w + 1] + p1Im * twiddles[w];
      const p2Re = farRe + farTurnRe;
      const p2Im = farIm + farTurnIm;
      y[out + 2 * step] = p2Re * twiddles[w + 2] - p2Im * twiddles[w + 3];
      y[out + 2 * step + 1] = p2Re * twiddles[w + 3] + p2Im * twiddles[w + 2];
      const p3Re = farRe - farTurnRe;
      const p3Im = farIm - farTurnIm;
      y[out + 3 * step] = p3Re * twiddles[w + 4] - p3Im * twiddles[w + 5];
      y[out + 3 * step + 1] = p3Re * twiddles[w + 5] + p3Im * twiddles[w + 4];
      const p4Re = nearRe - nearTurnRe;
      const p4Im = nearIm - nearTurnIm;
      y[out + 4 * step] = p4Re * twiddles[w + 6] - p4Im * twiddles[w + 7];
      y[out + 4 * step + 1] = p4Re * twiddles[w + 7] + p4Im * twiddles[w + 6];
    }
  }
}
