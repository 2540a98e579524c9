import type {ReactiveController, ReactiveControllerHost} from 'lit';

/** How long an announcement stays in the region: readers pick up additions within a second or two. */
const LIFETIME_MS = 5000;

/** Announcements kept at once; a reader that lags behind by more is better off with the newest. */
const CAPACITY = 8;

/**
 * Says sentences to assistive tech by way of one polite live region. Each is a node of its own, added by hand: equal
 * sentences in a row are spoken each time, and rendering again speaks nothing.
 */
export class Announcer implements ReactiveController {
  readonly #findRegion: () => Element | null;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  /** @param findRegion gives the live region; a template must leave its children alone. */
  constructor(host: ReactiveControllerHost, findRegion: () => Element | null) {
    this.#findRegion = findRegion;
    host.addController(this);
  }

  /** Says one sentence, after what is being said. Does nothing before the first rendering. */
  say(sentence: string): void {
    const region = this.#findRegion();
    if (!region) return;
    const line = document.createElement('p');
    line.textContent = sentence;
    region.append(line);
    if (region.childElementCount > CAPACITY) region.firstElementChild?.remove();
    const timer = setTimeout(() => {
      line.remove();
      this.#timers.delete(timer);
    }, LIFETIME_MS);
    this.#timers.add(timer);
  }

  /** The element left the document: nothing is said any more. */
  hostDisconnected(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#findRegion()?.replaceChildren();
  }
}
