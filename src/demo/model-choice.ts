import {identifyWeights, type SystemCard} from '../index.ts';
import {find} from './find.ts';
import {titleOf} from './title-of.ts';

/** What a choice of a model changes; every element of Earshot's is one. */
export interface ModelUser {
  model: string;
  weights: Blob | undefined;
  allowUnverified: boolean;
}

/** Which models there are, and where their controls lie. */
export interface ModelChoiceOptions {
  /** What the ids of the controls begin with. */
  readonly prefix: string;
  readonly systems: readonly SystemCard[];
  /** The system that runs without any file. */
  readonly builtIn: string;
  /** Told after the model has changed, loaded or not. */
  readonly onChoice: () => void;
  /** Told of a file that a card of another task lists. */
  readonly onOther: (file: File) => void;
}

type WeightsFormat = SystemCard['weights']['format'];

/** What is in files of a name: a checkpoint's tensors may have been written as safetensors too. */
const FORMATS: readonly (readonly [RegExp, readonly WeightsFormat[]])[] = [
  [/\.tflite$/i, ['tflite']],
  [/\.safetensors$/i, ['safetensors', 'torch']],
  [/\.(pth|pt|bin|zip)$/i, ['torch']],
];

/** The controls by which a model is chosen. */
export class ModelChoice {
  readonly #user: ModelUser;
  readonly #options: ModelChoiceOptions;
  readonly #input: HTMLInputElement;
  readonly #name: HTMLElement;
  readonly #status: HTMLElement;
  readonly #builtIn: HTMLButtonElement;
  readonly #unknown: HTMLElement;
  readonly #system: HTMLSelectElement;
  readonly #unverified: HTMLInputElement;
  #file: File | undefined; // the newest one chosen; a slower look at an older one says nothing any more

  constructor(user: ModelUser, options: ModelChoiceOptions) {
    const {prefix} = options;
    this.#user = user;
    this.#options = options;
    this.#input = find(`#${prefix}file`, HTMLInputElement);
    this.#name = find(`#${prefix}model-name`, HTMLElement);
    this.#status = find(`#${prefix}file-status`, HTMLElement);
    this.#builtIn = find(`#${prefix}built-in`, HTMLButtonElement);
    this.#unknown = find(`#${prefix}unknown-file`, HTMLElement);
    this.#system = find(`#${prefix}unknown-system`, HTMLSelectElement);
    this.#unverified = find(`#${prefix}run-unverified`, HTMLInputElement);
    this.#listen();
    this.#showName();
  }

  /** Runs a file of the visitor's: at once where a card lists it, else once the visitor says so. */
  async choose(file: File): Promise<void> {
    this.#file = file;
    this.#unknown.hidden = true;
    this.#status.textContent = `Looking at ${file.name}…`;
    const known = await identifyWeights(file).catch((error: unknown) => {
      this.#status.textContent = `${file.name} cannot be read: ${String(error)}`;
      throw error;
    });
    if (this.#file !== file) return;
    const isOther = known && !this.#options.systems.some(({id}) => id === known.systemId);
    if (isOther) {
      this.#status.textContent = '';
      this.#options.onOther(file);
      return;
    }
    this.#builtIn.hidden = false;
    if (known) {
      this.#run(known.systemId, file, false);
      this.#status.textContent = `${file.name} is ${known.what}.`;
    } else {
      this.#unverified.checked = false;
      this.#system.replaceChildren(
        ...candidatesFor(file, this.#options).map(({id, title}) => new Option(title, id)),
      );
      this.#unknown.hidden = false;
      this.#status.textContent = `${file.name} is not known.`;
    }
  }

  /** Runs a system without a file of the visitor's: built in, or as this site has it. */
  use(systemId: string): void {
    this.#file = undefined;
    this.#input.value = '';
    this.#status.textContent = '';
    this.#unknown.hidden = true;
    this.#builtIn.hidden = systemId === this.#options.builtIn;
    this.#run(systemId, undefined, false);
  }

  #listen(): void {
    this.#input.addEventListener('change', () => {
      const file = this.#input.files?.[0];
      if (file) void this.choose(file);
    });
    this.#builtIn.addEventListener('click', () => {
      this.#useBuiltIn();
    });
    for (const control of [this.#system, this.#unverified]) {
      control.addEventListener('change', () => {
        this.#runUnknown();
      });
    }
  }

  #useBuiltIn(): void {
    this.use(this.#options.builtIn);
    this.#input.focus(); // the button that had the focus is gone
  }

  #runUnknown(): void {
    const isWanted = this.#unverified.checked;
    if (isWanted) this.#run(this.#system.value, this.#file, true);
    else this.#run(this.#options.builtIn, undefined, false);
    this.#status.textContent = isWanted ? `${this.#file?.name ?? ''} runs UNVERIFIED.` : '';
  }

  #run(systemId: string, file: File | undefined, isUnverified: boolean): void {
    this.#user.model = systemId;
    this.#user.weights = file;
    this.#user.allowUnverified = isUnverified;
    this.#showName();
    this.#options.onChoice();
  }

  #showName(): void {
    const {model, allowUnverified} = this.#user;
    const title = titleOf(this.#options.systems, model);
    this.#name.textContent = allowUnverified ? `${title} · UNVERIFIED` : title;
  }
}

/** Systems whose files may have a file's name; all but the built-in one where its name says nothing. */
function candidatesFor(
  {name}: File,
  {systems, builtIn}: Pick<ModelChoiceOptions, 'systems' | 'builtIn'>,
): readonly SystemCard[] {
  const others = systems.filter(({id}) => id !== builtIn);
  const formats = FORMATS.find(([pattern]) => pattern.test(name))?.[1] ?? [];
  const likely = others.filter(({weights}) => formats.includes(weights.format));
  return likely.length > 0 ? likely : others;
}
