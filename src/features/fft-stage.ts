/**
 * One pass of a self-sorting (Stockham) decimation-in-frequency transform: `blockCount` butterflies of `radix`
 * legs, each applied to `stride` interleaved sub-sequences.
 */
export interface FftStage {
  readonly radix: 2 | 3 | 4 | 5;
  readonly blockCount: number;
  readonly stride: number;
  /** [blockCount × (radix − 1)], row-major: cos and sin of −2π·block·leg / (radix·blockCount), leg from 1. */
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/**
 * Runs one stage from x to y: y[q + s(r·p + j)] = ω^(p·j) · Σ_k x[q + s(p + m·k)] · e^(−2πi·j·k/r), where r is
 * the radix, m `blockCount`, s `stride` and ω = e^(−2πi/(r·m)) (Stockham's autosort, so no bit reversal).
 * All arrays [transform length]; y is overwritten and must not alias x. Any thread. Allocates nothing.
 */
export function applyFftStage(
  stage: FftStage,
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
): void {
  switch (stage.radix) {
    case 2:
      return applyRadix2(stage, xRe, xIm, yRe, yIm);
    case 3:
      return applyRadix3(stage, xRe, xIm, yRe, yIm);
    case 4:
      return applyRadix4(stage, xRe, xIm, yRe, yIm);
    case 5:
      return applyRadix5(stage, xRe, xIm, yRe, yIm);
  }
}

function applyRadix2(
  stage: FftStage,
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
): void {
  const {blockCount, stride, cos, sin} = stage;
  const leg = blockCount * stride;
  for (let block = 0; block < blockCount; block++) {
    const wRe = cos[block];
    const wIm = sin[block];
    const source = block * stride;
    const target = 2 * source;
    for (let q = 0; q < stride; q++) {
      const a = source + q;
      const b = a + leg;
      const y = target + q;
      const dRe = xRe[a] - xRe[b];
      const dIm = xIm[a] - xIm[b];
      yRe[y] = xRe[a] + xRe[b];
      yIm[y] = xIm[a] + xIm[b];
      yRe[y + stride] = dRe * wRe - dIm * wIm;
      yIm[y + stride] = dRe * wIm + dIm * wRe;
    }
  }
}

const SIN_60 = Math.sqrt(3) / 2;

function applyRadix3(
  stage: FftStage,
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
): void {
  const {blockCount, stride, cos, sin} = stage;
  const leg = blockCount * stride;
  for (let block = 0; block < blockCount; block++) {
    const w1Re = cos[2 * block];
    const w1Im = sin[2 * block];
    const w2Re = cos[2 * block + 1];
    const w2Im = sin[2 * block + 1];
    const source = block * stride;
    const target = 3 * source;
    for (let q = 0; q < stride; q++) {
      const a = source + q;
      const b = a + leg;
      const c = b + leg;
      const y = target + q;
      const sumRe = xRe[b] + xRe[c];
      const sumIm = xIm[b] + xIm[c];
      const midRe = xRe[a] - 0.5 * sumRe;
      const midIm = xIm[a] - 0.5 * sumIm;
      // −i·sin 60°·(b − c)
      const turnRe = SIN_60 * (xIm[b] - xIm[c]);
      const turnIm = -SIN_60 * (xRe[b] - xRe[c]);
      const uRe = midRe + turnRe;
      const uIm = midIm + turnIm;
      const vRe = midRe - turnRe;
      const vIm = midIm - turnIm;
      yRe[y] = xRe[a] + sumRe;
      yIm[y] = xIm[a] + sumIm;
      yRe[y + stride] = uRe * w1Re - uIm * w1Im;
      yIm[y + stride] = uRe * w1Im + uIm * w1Re;
      yRe[y + 2 * stride] = vRe * w2Re - vIm * w2Im;
      yIm[y + 2 * stride] = vRe * w2Im + vIm * w2Re;
    }
  }
}

function applyRadix4(
  stage: FftStage,
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
): void {
  const {blockCount, stride, cos, sin} = stage;
  const leg = blockCount * stride;
  for (let block = 0; block < blockCount; block++) {
    const w1Re = cos[3 * block];
    const w1Im = sin[3 * block];
    const w2Re = cos[3 * block + 1];
    const w2Im = sin[3 * block + 1];
    const w3Re = cos[3 * block + 2];
    const w3Im = sin[3 * block + 2];
    const source = block * stride;
    const target = 4 * source;
    for (let q = 0; q < stride; q++) {
      const a = source + q;
      const b = a + leg;
      const c = b + leg;
      const d = c + leg;
      const y = target + q;
      // two butterflies of two legs
      const acRe = xRe[a] + xRe[c];
      const acIm = xIm[a] + xIm[c];
      const acDiffRe = xRe[a] - xRe[c];
      const acDiffIm = xIm[a] - xIm[c];
      const bdRe = xRe[b] + xRe[d];
      const bdIm = xIm[b] + xIm[d];
      const bdDiffRe = xRe[b] - xRe[d];
      const bdDiffIm = xIm[b] - xIm[d];
      // joined by −i, then turned by the twiddles
      const uRe = acDiffRe + bdDiffIm;
      const uIm = acDiffIm - bdDiffRe;
      const vRe = acRe - bdRe;
      const vIm = acIm - bdIm;
      const zRe = acDiffRe - bdDiffIm;
      const zIm = acDiffIm + bdDiffRe;
      yRe[y] = acRe + bdRe;
      yIm[y] = acIm + bdIm;
      yRe[y + stride] = uRe * w1Re - uIm * w1Im;
      yIm[y + stride] = uRe * w1Im + uIm * w1Re;
      yRe[y + 2 * stride] = vRe * w2Re - vIm * w2Im;
      yIm[y + 2 * stride] = vRe * w2Im + vIm * w2Re;
      yRe[y + 3 * stride] = zRe * w3Re - zIm * w3Im;
      yIm[y + 3 * stride] = zRe * w3Im + zIm * w3Re;
    }
  }
}

const COS_72 = Math.cos((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);
const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);

function applyRadix5(
  stage: FftStage,
  xRe: Float64Array,
  xIm: Float64Array,
  yRe: Float64Array,
  yIm: Float64Array,
): void {
  const {blockCount, stride, cos, sin} = stage;
  const leg = blockCount * stride;
  for (let block = 0; block < blockCount; block++) {
    const w = 4 * block;
    const source = block * stride;
    const target = 5 * source;
    for (let q = 0; q < stride; q++) {
      const a = source + q;
      const b = a + leg;
      const c = b + leg;
      const d = c + leg;
      const e = d + leg;
      const y = target + q;
      // legs 1 and 4, 2 and 3 are mirror images: sums share the cosines, differences the sines
      const beRe = xRe[b] + xRe[e];
      const beIm = xIm[b] + xIm[e];
      const beDiffRe = xRe[b] - xRe[e];
      const beDiffIm = xIm[b] - xIm[e];
      const cdRe = xRe[c] + xRe[d];
      const cdIm = xIm[c] + xIm[d];
      const cdDiffRe = xRe[c] - xRe[d];
      const cdDiffIm = xIm[c] - xIm[d];
      const near = xRe[a] + COS_72 * beRe + COS_144 * cdRe;
      const nearIm = xIm[a] + COS_72 * beIm + COS_144 * cdIm;
      const far = xRe[a] + COS_144 * beRe + COS_72 * cdRe;
      const farIm = xIm[a] + COS_144 * beIm + COS_72 * cdIm;
      const nearTurn = SIN_72 * beDiffIm + SIN_144 * cdDiffIm;
      const nearTurnIm = -(SIN_72 * beDiffRe + SIN_144 * cdDiffRe);
      const farTurn = SIN_144 * beDiffIm - SIN_72 * cdDiffIm;
      const farTurnIm = -(SIN_144 * beDiffRe - SIN_72 * cdDiffRe);
      // legs 0, 1, 4, 2, 3, each turned by its twiddle
      yRe[y] = xRe[a] + beRe + cdRe;
      yIm[y] = xIm[a] + beIm + cdIm;
      const p1 = near + nearTurn;
      const p1Im = nearIm + nearTurnIm;
      yRe[y + stride] = p1 * cos[w] - p1Im * sin[w];
      yIm[y + stride] = p1 * sin[w] + p1Im * cos[w];
      const p4 = near - nearTurn;
      const p4Im = nearIm - nearTurnIm;
      yRe[y + 4 * stride] = p4 * cos[w + 3] - p4Im * sin[w + 3];
      yIm[y + 4 * stride] = p4 * sin[w + 3] + p4Im * cos[w + 3];
      const p2 = far + farTurn;
      const p2Im = farIm + farTurnIm;
      yRe[y + 2 * stride] = p2 * cos[w + 1] - p2Im * sin[w + 1];
      yIm[y + 2 * stride] = p2 * sin[w + 1] + p2Im * cos[w + 1];
      const p3 = far - farTurn;
      const p3Im = farIm - farTurnIm;
      yRe[y + 3 * stride] = p3 * cos[w + 2] - p3Im * sin[w + 2];
      yIm[y + 3 * stride] = p3 * sin[w + 2] + p3Im * cos[w + 2];
    }
  }
}
