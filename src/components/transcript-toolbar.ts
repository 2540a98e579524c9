import {html, nothing, type ReactiveControllerHost, type TemplateResult} from 'lit';
import type {TranscriptUtterance} from '../transcript/transcript.ts';
import type {Announcer} from './announcer.ts';
import {renderIcon} from './icons.ts';
import {copyText, saveFile} from './keep-text.ts';
import {Notice} from './notice.ts';
import {transcriptFormats} from './transcript-formats.ts';

/** What the toolbar keeps. */
export interface Transcript {
  readonly utterances: readonly TranscriptUtterance[];
  readonly text: string;
}

/** The row that copies and downloads a transcript. */
export class TranscriptToolbar {
  readonly #host: ReactiveControllerHost & Transcript;
  readonly #announcer: Announcer;
  readonly #notice: Notice;
  #format = transcriptFormats[0];

  constructor(host: ReactiveControllerHost & Transcript, announcer: Announcer) {
    this.#host = host;
    this.#announcer = announcer;
    this.#notice = new Notice(host);
  }

  /** The row; its buttons do nothing while there is nothing to keep. */
  render(): TemplateResult {
    const isEmpty = this.#host.utterances.length === 0;
    return html`
      <div part="toolbar" class="toolbar" role="group" aria-label="Keep the transcript">
        <button part="copy" type="button" ?disabled=${isEmpty} @click=${this.#copy}>
          ${renderIcon('copy')}Copy
        </button>
        <div class="download">
          <select part="format" aria-label="File format" ?disabled=${isEmpty} @change=${this.#choose}>
            ${transcriptFormats.map(({title}) => html`<option>${title}</option>`)}
          </select>
          <button part="download" type="button" ?disabled=${isEmpty} @click=${this.#download}>
            ${renderIcon('download')}Download
          </button>
        </div>
        <span part="notice" class="notice">${this.#notice.text ?? nothing}</span>
      </div>
    `;
  }

  readonly #copy = async (): Promise<void> => {
    const answer = await copyText(this.#host.text);
    this.#notice.show(answer);
    this.#announcer.say(answer);
  };

  readonly #choose = ({target}: Event): void => {
    const {selectedIndex} = target as HTMLSelectElement;
    this.#format = transcriptFormats[selectedIndex] ?? transcriptFormats[0];
  };

  readonly #download = (): void => {
    const {extension, type, write} = this.#format;
    saveFile({name: `transcript.${extension}`, type, text: write(this.#host.utterances)});
  };
}
