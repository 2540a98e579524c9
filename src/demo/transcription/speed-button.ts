import type {LiveTranscript} from '../../elements.ts';
import {Transcriber} from '../../index.ts';
import type {TranscriberCard} from './cost-terms.ts';

/** What is said of a speed that nobody has measured yet. */
export const UNMEASURED = 'not measured yet';

let measuring: AbortController | undefined; // one at a time: two would slow each other down

/**
 * Makes a button that measures how fast a transcriber would be on this device, and calls that off again.
 * @param element has the visitor's file, where it runs this transcriber from one.
 * @param onText told what to say of the speed, whenever that changes.
 */
export function createSpeedButton(
  card: TranscriberCard,
  element: LiveTranscript,
  onText: (text: string) => void,
): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'link';
  let own: AbortController | undefined;
  const name = (text: string): void => {
    button.textContent = text;
    button.ariaLabel = `${text}: ${card.title}`; // there are several
  };
  const measure = async (): Promise<void> => {
    measuring?.abort();
    measuring = own = new AbortController();
    name('Stop measuring');
    onText('being measured…');
    onText(await measuredText(card, element, own.signal));
    own = undefined;
    name('Measure its speed here');
  };
  button.addEventListener('click', () => {
    if (own) own.abort();
    else void measure();
  });
  name('Measure its speed here');
  return button;
}

async function measuredText(
  {id, weights: {builtInPath, format}}: TranscriberCard,
  {model, weights, allowUnverified}: LiveTranscript,
  signal: AbortSignal,
): Promise<string> {
  const file = model === id ? weights : undefined;
  // nothing of it is here, and nobody knows its layers but its file
  if (!file && builtInPath === undefined && format !== 'torch') return 'measured once its file is chosen';
  try {
    const options = {signal, ...(file && {weights: file, allowUnverified})};
    const factor = await Transcriber.estimateRealTimeFactor(id, options);
    return `about ${factor.toFixed(2)} of real time: 10 s of sound take ${(10 * factor).toFixed(1)} s`;
  } catch (error) {
    if (signal.aborted) return UNMEASURED;
    return `could not be measured: ${(error as Error).message}`;
  }
}
