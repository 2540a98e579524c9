import {css, unsafeCSS, type CSSResult} from 'lit';

/**
 * The colours of one element, which the page may set by custom properties with this prefix. Text and lines derive from
 * the page's own text colour, so that they stand out on any page; the accents follow the page's `color-scheme`.
 */
export function themeStyle(prefix: 'kws' | 'transcript'): CSSResult {
  const name = unsafeCSS(`--${prefix}`);
  return css`
    :host {
      --_accent: var(${name}-accent, light-dark(#0b6b50, #57d0a4));
      --_on-accent: var(${name}-on-accent, light-dark(#ffffff, #06231a));
      --_danger: var(${name}-danger, light-dark(#a8321b, #ff9d87));
      --_line: var(${name}-line, color-mix(in srgb, currentColor 28%, transparent));
      --_tint: var(${name}-tint, color-mix(in srgb, currentColor 7%, transparent));
      --_radius: var(${name}-radius, 0.875rem);
    }
    .base {
      ${name}-level: 0;
      --_level: var(${name}-level);
    }
  `;
}

/** The looks that every element with a session has. */
export const sessionStyle = css`
  :host {
    display: block;
    line-height: 1.4;
  }
  :host([hidden]) {
    display: none;
  }
  * {
    box-sizing: border-box;
  }
  p,
  ul {
    margin: 0;
    padding: 0;
  }
  .base {
    display: flex;
    flex-direction: column;
    gap: 1rem;
  }
  .controls {
    display: flex;
    align-items: center;
    gap: 1rem;
  }
  .icon {
    flex: none;
    inline-size: 1.25em;
    block-size: 1.25em;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
    stroke-linecap: round;
    stroke-linejoin: round;
  }

  button {
    display: inline-flex;
    flex: none;
    align-items: center;
    justify-content: center;
    gap: 0.5em;
    min-block-size: 3.25rem;
    padding: 0.5rem 1.5rem;
    border: 2px solid var(--_accent);
    border-radius: 999px;
    background: var(--_accent);
    color: var(--_on-accent);
    font: inherit;
    font-weight: 600;
    cursor: pointer;
    transition: filter 120ms;
    -webkit-tap-highlight-color: transparent;
  }
  button:hover {
    filter: brightness(1.08);
  }
  button.on {
    background: transparent;
    color: var(--_accent);
  }
  button:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 3px;
  }

  button .icon {
    inline-size: 1.4em;
    block-size: 1.4em;
  }

  .side {
    flex: 1;
    min-inline-size: 0;
  }
  .status {
    display: flex;
    align-items: center;
    gap: 0.4em;
    font-weight: 500;
  }
  .status.on {
    color: var(--_accent);
  }
  .status.warning {
    color: var(--_danger);
  }
  .hint {
    margin-block-start: 0.25rem;
    font-size: 0.9em;
  }
  .meter {
    block-size: 0.5rem;
    margin-block-start: 0.5rem;
    border-radius: 999px;
    background: var(--_tint);
    box-shadow: inset 0 0 0 1px var(--_line);
    overflow: hidden;
  }
  .level {
    block-size: 100%;
    border-radius: inherit;
    background: var(--_accent);
    transform: scaleX(var(--_level));
    transform-origin: left;
  }
  :host(:dir(rtl)) .level {
    transform-origin: right;
  }
  .failed .meter {
    visibility: hidden; /* keeps its place: the button must not move under the pointer */
  }
  progress {
    display: block;
    inline-size: 100%;
    block-size: 0.5rem;
    margin-block-start: 0.5rem;
    accent-color: var(--_accent);
  }

  .unverified {
    align-self: flex-start;
    padding: 0.2rem 0.6rem;
    border: 1px dashed var(--_danger);
    border-radius: var(--_radius);
    color: var(--_danger);
    font-size: 0.9em;
  }
  .error {
    padding: 0.75rem 1rem;
    border: 1px solid var(--_danger);
    border-radius: var(--_radius);
    background: var(--_tint);
  }
  .question {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.75rem;
    padding: 0.75rem 1rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }
  .question p {
    flex: 1 1 12rem;
  }
  .question button {
    min-block-size: 2.75rem;
  }
  summary {
    cursor: pointer;
  }
  .error details {
    margin-block-start: 0.5rem;
    font-size: 0.85em;
    overflow-wrap: anywhere;
  }
  .announcements {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important; /* whatever the element's own sheet says */
      transition: none !important;
    }
  }
  @media (forced-colors: active) {
    .meter {
      border: 1px solid; /* shadows are not drawn there */
    }
    .level {
      forced-color-adjust: none;
      background: Highlight;
    }
    button.on {
      border-color: Highlight;
    }
  }
`;
