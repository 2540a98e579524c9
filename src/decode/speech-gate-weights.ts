/** One weight for each value of SpeechCues, fitted by `npx tsx bench/fit-speech-gate.ts`. */
// prettier-ignore
export const SPEECH_WEIGHTS: Float64Array = Float64Array.of(1.6018, 2.0206, -1.0380, 0.3773, -0.0590, -1.5605, 0.6500, -0.7133, -0.5576, -0.1207, 0.3974, 5.0139, 1.4528, 0.2095, -0.9917, -0.3275, 3.8419, -3.9667, -1.2570, -1.9628);
/** What is added to the weighted sum. */
export const SPEECH_BIAS = -5.0254;
