import {css} from 'lit';

/** Looks of what only `<kws-listener>` has. */
export const kwsListenerStyle = css`
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

  :host([compact]) .base {
    gap: 0.5rem;
  }
  :host([compact]) button {
    min-block-size: 2.75rem;
    padding: 0.25rem 1rem;
  }

  @media (forced-colors: active) {
    .keyword.heard {
      forced-color-adjust: none;
      border-color: Highlight;
      background: Highlight;
      color: HighlightText;
    }
  }
`;
