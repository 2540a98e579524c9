const FRAME_SAMPLES = 160; // 10 ms at 16 kHz
const BELOW_PEAK_DB = 25;
const MAX_GAP_FRAMES = 15;

/** Where a clip's word is: the stretch around its loudest 10 ms that stays within 25 dB of it, gaps to 150 ms bridged. */
export function loudestStretch(clip: Float32Array): {readonly startMs: number; readonly endMs: number} {
  const levels = Array.from({length: Math.floor(clip.length / FRAME_SAMPLES)}, (_, frame) => {
    const samples = clip.subarray(frame * FRAME_SAMPLES, (frame + 1) * FRAME_SAMPLES);
    return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 1e-10) / FRAME_SAMPLES);
  });
  const threshold = Math.max(...levels) - BELOW_PEAK_DB;
  const peak = levels.indexOf(Math.max(...levels));
  const reach = (step: 1 | -1): number => {
    let edge = peak;
    for (let frame = peak; Math.abs(frame - edge) <= MAX_GAP_FRAMES && frame in levels; frame += step) {
      if ((levels[frame] ?? -Infinity) > threshold) edge = frame;
    }
    return edge;
  };
  return {startMs: reach(-1) * 10, endMs: (reach(1) + 1) * 10};
}
