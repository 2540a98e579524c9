import {html, type TemplateResult} from 'lit';
import type {StateIcon} from './state-text.ts';

/** Drawings of 24 × 24, in lines of the text's colour. */
const PATHS: {readonly [Name in StateIcon | 'stop' | 'retry' | 'copy' | 'download']: string} = {
  microphone: 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3',
  'microphone-off':
    'M15 9.5V6a3 3 0 0 0-5.7-1.3M9 9v3a3 3 0 0 0 4.5 2.6M5 11a7 7 0 0 0 10.6 6M19 11c0 1-.2 2-.6 2.8M12 18v3M4 3l16 18',
  waiting: 'M12 3a9 9 0 1 0 9 9M12 7v5l3 2',
  warning: 'M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1',
  stop: 'M7 7h10v10H7z',
  copy: 'M9 9h11v11H9zM5 15H4V4h11v1',
  download: 'M12 4v11M7 10.5l5 5 5-5M4 20h16',
  retry: 'M20 12a8 8 0 1 1-2.5-5.8M20 3v4.5h-4.5',
};

/** One of the elements' icons: decoration, hidden from assistive tech. */
export function renderIcon(name: keyof typeof PATHS): TemplateResult {
  const fill = name === 'stop' ? 'currentColor' : 'none';
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
    <path d=${PATHS[name]} fill=${fill} />
  </svg>`;
}
