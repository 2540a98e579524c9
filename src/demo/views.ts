import {find} from './find.ts';

/** One view of the page; it is shown in `#view-<name>` and linked to as `#<name>`. */
export interface View {
  readonly name: string;
  readonly title: string;
  /** What the page's link to the instructions leads to. */
  readonly embedId: string;
  /** Called when it is shown; resolves when all of it is there. */
  enter(): Promise<unknown>;
  /** Called when another one takes its place. */
  leave(): void;
}

/** Shows one view at a time: the one that the address names, or in which the address's target lies; else the first. */
export class Views {
  readonly #views: readonly [View, ...View[]];
  readonly #embedLink = find('#embed-link', HTMLAnchorElement);
  #current: View | undefined;

  constructor(views: readonly [View, ...View[]]) {
    this.#views = views;
    addEventListener('hashchange', () => {
      this.#follow();
    });
    this.#follow();
  }

  /** The name of the view that is shown. */
  get current(): string | undefined {
    return this.#current?.name;
  }

  /** Goes to a view as its link does, so that the way back leads here. */
  show(name: string): void {
    if (this.current === name) return;
    location.hash = name;
    this.#follow(); // now, rather than when the browser tells
  }

  #follow(): void {
    const id = location.hash.slice(1);
    const target = document.getElementById(id);
    const view = this.#views.find(({name}) => name === id || rootOf(name).contains(target)) ?? this.#views[0];
    if (view === this.#current) return;
    this.#current?.leave();
    this.#current = view;
    this.#reveal(view);
    void view.enter().then(() => {
      // it was hidden when the browser looked for it
      if (view === this.#current) target?.scrollIntoView();
    });
  }

  #reveal({name, title, embedId}: View): void {
    document.title = `${title} · Earshot`;
    this.#embedLink.href = `#${embedId}`;
    for (const view of this.#views) {
      const isCurrent = view.name === name;
      rootOf(view.name).hidden = !isCurrent;
      const link = find(`nav a[href="#${view.name}"]`, HTMLAnchorElement);
      if (isCurrent) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }
}

function rootOf(name: string): HTMLElement {
  return find(`#view-${name}`, HTMLElement);
}
