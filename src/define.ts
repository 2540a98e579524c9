import {KwsListener, LiveTranscript} from './elements.ts';

declare global {
  interface HTMLElementTagNameMap {
    'kws-listener': KwsListener;
    'live-transcript': LiveTranscript;
  }
}

// a page may carry two copies of this module; the first one wins
if (!customElements.get('kws-listener')) customElements.define('kws-listener', KwsListener);
if (!customElements.get('live-transcript')) customElements.define('live-transcript', LiveTranscript);
