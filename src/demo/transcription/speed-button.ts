import {Transcriber} from '../../index.ts';

/** What is said of a speed that nobody has measured yet. */
export const UNMEASURED = 'not measured yet';

let measuring: AbortController | undefined; // one at a time: two would slow each other down

/**
 * Makes a button that measures how fast a transcriber would be on this device, and calls that off again.
 * @param onText told what to say of the speed, whenever that changes.
 */
export function createSpeedButton(
  {id, title}: {readonly id: string; readonly title: string},
  onText: (text: string) => void,
): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'link';
  let own: AbortController | undefined;
  const name = (text: string): void => {
    button.textContent = text;
    button.ariaLabel = `${text}: ${title}`; // there are several
  };
  const measure = async (): Promise<void> => {
    measuring?.abort();
    measuring = own = new AbortController();
    name('Stop measuring');
    onText('being measured…');
    onText(await measuredText(id, own.signal));
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

async function measuredText(systemId: string, signal: AbortSignal): Promise<string> {
  try {
    const factor = await Transcriber.estimateRealTimeFactor(systemId, {signal});
    return `about ${factor.toFixed(2)} of real time: 10 s of sound take ${(10 * factor).toFixed(1)} s`;
  } catch (error) {
    if (signal.aborted) return UNMEASURED;
    return `could not be measured: ${(error as Error).message}`;
  }
}
