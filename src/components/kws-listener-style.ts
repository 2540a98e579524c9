import {css} from 'lit';

/**
 * Looks of `<kws-listener>`. Text and lines derive from the page's own text colour, so that they stand out on any
 * page; the accents follow the page's `color-scheme`.
 */
export const kwsListenerStyle = css`
  :host {
    --_accent: var(--kws-accent, light-dark(#0b6b50, #57d0a4));
    --_on-accent: var(--kws-on-accent, light-dark(#ffffff, #06231a));
    --_danger: var(--kws-danger, light-dark(#a8321b, #ff9d87));
    --_line: var(--kws-line, color-mix(in srgb, currentColor 28%, transparent));
    --_tint: var(--kws-tint, color-mix(in srgb, currentColor 7%, transparent));
    --_radius: var(--kws-radius, 0.875rem);
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
    --kws-level: 0;
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
    transform: scaleX(var(--kws-level));
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

  .keywords {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
    list-style-type: ''; /* with 'none' WebKit tells nobody that this is a list */
  }
  .keyword {
    position: relative;
    padding: 0.3rem 0.85rem;
    border: 1px solid var(--_line);
    border-radius: 999px;
    transition:
      background-color 400ms,
      border-color 400ms,
      color 400ms;
  }
  .keyword.heard {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
    transition-duration: 0ms;
    animation: heard 260ms ease-out;
  }
  /* not by colour alone; on the corner, so that nothing moves */
  .keyword.heard::after {
    content: '✓' / '';
    position: absolute;
    inset-block-start: -0.5em;
    inset-inline-end: -0.25em;
    inline-size: 1.35em;
    border: 1px solid var(--_accent);
    border-radius: 50%;
    background: var(--_on-accent);
    color: var(--_accent);
    font-size: 0.7em;
    font-weight: 700;
    line-height: 1.35em;
    text-align: center;
  }
  @keyframes heard {
    from {
      transform: scale(1.12);
    }
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

  :host([compact]) .base {
    gap: 0.5rem;
  }
  :host([compact]) button {
    min-block-size: 2.75rem;
    padding: 0.25rem 1rem;
  }

  @media (prefers-reduced-motion: reduce) {
    *,
    .keyword.heard {
      animation: none;
      transition: none;
    }
  }
  @media (forced-colors: active) {
    .meter {
      border: 1px solid; /* shadows are not drawn there */
    }
    .level,
    .keyword.heard {
      forced-color-adjust: none;
      background: Highlight;
      color: HighlightText;
    }
    button.on,
    .keyword.heard {
      border-color: Highlight;
    }
  }
`;
