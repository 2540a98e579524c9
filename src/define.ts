import {KwsListener} from './elements.ts';

declare global {
  interface HTMLElementTagNameMap {
    'kws-listener': KwsListener;
  }
}

// a page may carry two copies of this module; the first one wins
if (!customElements.get('kws-listener')) customElements.define('kws-listener', KwsListener);
