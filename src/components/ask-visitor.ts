import {html, type TemplateResult} from 'lit';
import {SessionAskEvent, type DownloadQuestion} from '../events/session-events.ts';

/** What asking needs of an element. */
export interface AskingElement {
  readonly element: EventTarget;
  readonly eventName: 'kws-ask' | 'transcript-ask';
  /** Says a sentence aloud. */
  readonly say: (sentence: string) => void;
  /** Shows the question; undefined takes it away. */
  readonly show: (question: TemplateResult | undefined) => void;
}

/**
 * Asks the page by an event, and where that leaves it to the element the visitor, before a large download.
 */
export async function askVisitor(
  question: DownloadQuestion,
  {element, eventName, say, show}: AskingElement,
): Promise<boolean> {
  const event = new SessionAskEvent(eventName, question);
  element.dispatchEvent(event);
  if (event.answer) return await event.answer;
  const text = `${sizeOf(question)} will be downloaded and kept on this device.`;
  say(text);
  const isAllowed = await new Promise<boolean>((answer) => {
    show(renderQuestion(text, answer));
  });
  show(undefined);
  return isAllowed;
}

function renderQuestion(text: string, answer: (isAllowed: boolean) => void): TemplateResult {
  const allow = (): void => {
    answer(true);
  };
  const decline = (): void => {
    answer(false);
  };
  return html`
    <div part="question" class="question" role="group" aria-label="Download">
      <p>${text}</p>
      <button type="button" @click=${allow}>Download</button>
      <button type="button" class="on" @click=${decline}>Not now</button>
    </div>
  `;
}

function sizeOf({files, totalBytes}: DownloadQuestion): string {
  const isUnknown = files.some(({bytes}) => bytes === undefined);
  if (totalBytes === 0) return 'A file of unknown size';
  return `${Math.ceil(totalBytes / 1e6)} MB${isUnknown ? ' or more' : ''}`;
}
