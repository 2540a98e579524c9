import type {ModelEntry, ModelProgress} from '../../index.ts';
import {createButton, createText} from '../create-text.ts';
import {formatMegabytes} from '../format.ts';
import {showTerms} from '../terms.ts';
import {cardOf, modelTerms, taskOf, titleOfModel} from './model-facts.ts';

/** What the visitor may ask of a model. Each is told how far it is, and ends with what to say. */
export interface ModelActions {
  readonly get: ModelTask;
  readonly verify: ModelTask;
  readonly remove: ModelTask;
  /** Runs a system that is here. */
  readonly use: (modelId: string) => void;
}

/** Something that takes a while. @returns what has become of it. @throws where it failed; the signal's reason. */
export type ModelTask = (
  modelId: string,
  signal: AbortSignal,
  onProgress: (progress: ModelProgress) => void,
) => Promise<string>;

const PHASES: Readonly<Record<ModelProgress['phase'], string>> = {
  download: 'Downloading',
  verify: 'Checking',
  import: 'Importing',
  compile: 'Compiling',
  transcribe: 'Reading',
};

/** One model in the list: what it costs and gives, what of it is here, and what can be done. */
export class ModelItem {
  readonly element = document.createElement('li');
  readonly #id: string;
  readonly #terms = document.createElement('dl');
  readonly #getting = document.createElement('div');
  readonly #label = createText('p', '');
  readonly #bar = Object.assign(document.createElement('progress'), {max: 1});
  readonly #status = createText('p', '');
  readonly #use: HTMLButtonElement;
  readonly #get: HTMLButtonElement;
  readonly #cancel: HTMLButtonElement;
  readonly #verify: HTMLButtonElement;
  readonly #remove: HTMLButtonElement;
  #running: AbortController | undefined;

  constructor(model: ModelEntry, actions: ModelActions) {
    this.#id = model.id;
    const title = titleOfModel(model.id);
    const [get, verify, remove] = [actions.get, actions.verify, actions.remove];
    this.#use = createButton('Use it', title, () => {
      actions.use(model.id);
    });
    this.#get = createButton('Get', title, () => void this.#run(get));
    this.#verify = createButton('Verify', title, () => void this.#run(verify));
    this.#remove = createButton('Remove', title, () => void this.#run(remove));
    this.#cancel = createButton('Cancel', title, () => this.#running?.abort());
    this.#status.role = 'status';
    this.#bar.ariaLabel = title;
    this.#label.className = 'label';
    this.#getting.className = 'getting';
    this.#getting.hidden = true;
    this.#getting.append(this.#label, this.#bar);
    this.element.append(this.#heading(model, title), this.#terms, this.#getting);
    this.element.append(this.#use, this.#get, this.#cancel, this.#verify, this.#remove, this.#status);
    this.show(model);
  }

  /** Shows what of it is here now. */
  show(model: ModelEntry): void {
    showTerms(this.#terms, modelTerms(model));
    this.element.classList.toggle('here', model.isInstalled);
    const isRunning = this.#running !== undefined;
    this.#use.hidden = isRunning || !model.isInstalled || cardOf(model.id) === undefined;
    this.#get.hidden = isRunning || model.isInstalled;
    const hasWhole =
      model.importedBytes > 0 || model.files.some(({storedSha256}) => storedSha256 !== undefined);
    this.#verify.hidden = isRunning || !hasWhole; // of a part, nobody knows what it should be
    this.#remove.hidden = isRunning || model.storedBytes === 0;
    this.#cancel.hidden = !isRunning;
  }

  #heading(model: ModelEntry, title: string): HTMLElement {
    const heading = document.createElement('p');
    heading.append(createText('strong', title), `: ${taskOf(model)}. `);
    const home = cardOf(model.id)?.weights.homePage;
    if (home !== undefined)
      heading.append(Object.assign(createText('a', 'Its publisher’s page'), {href: home}));
    return heading;
  }

  async #run(task: ModelTask): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    this.#tell('', false);
    for (const button of [this.#use, this.#get, this.#verify, this.#remove]) button.hidden = true;
    this.#cancel.hidden = false;
    this.#cancel.focus(); // what had the focus is gone
    try {
      const outcome = await task(this.#id, running.signal, (progress) => {
        this.#showProgress(progress);
      });
      this.#running = undefined;
      this.#tell(outcome, false);
    } catch (error) {
      this.#running = undefined;
      const isCancelled = running.signal.aborted;
      this.#tell(isCancelled ? 'Cancelled. What came is kept.' : messageOf(error), !isCancelled);
    } finally {
      this.#getting.hidden = true;
    }
  }

  /** Puts the focus where it was, after what was pressed has gone. */
  focus(): void {
    [this.#verify, this.#get].find((button) => !button.hidden)?.focus();
  }

  #showProgress({phase, loaded, total, rate}: ModelProgress): void {
    this.#getting.hidden = false;
    const bytes = total > 0 ? ` ${formatMegabytes(loaded)} of ${formatMegabytes(total)}` : '';
    const speed = rate === undefined ? '' : `, ${formatMegabytes(rate)} a second`;
    this.#label.textContent = `${PHASES[phase]}${bytes}${speed}`;
    if (total > 0) this.#bar.value = loaded / total;
    else this.#bar.removeAttribute('value');
  }

  #tell(text: string, hasFailed: boolean): void {
    this.#status.textContent = text;
    this.#status.classList.toggle('failed', hasFailed);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
