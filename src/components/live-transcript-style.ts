import {css} from 'lit';

/** Looks of what only `<live-transcript>` has. */
export const liveTranscriptStyle = css`
  .transcript {
    display: flex;
    flex-direction: column;
    gap: 0.6em;
    min-block-size: 7rem;
    max-block-size: var(--transcript-height, 20rem);
    padding: 0.875rem 1rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
    background: var(--_tint);
    line-height: 1.5;
    overflow-y: auto;
    overflow-wrap: anywhere;
    overscroll-behavior: contain;
  }
  .transcript:focus-visible,
  select:focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }
  .empty {
    margin: auto;
    text-align: center;
  }
  .time {
    margin-inline-end: 0.2em;
    font-size: 0.85em;
    font-variant-numeric: tabular-nums;
    opacity: 0.8;
  }
  .unsure {
    text-decoration: underline dotted var(--_danger);
    text-decoration-thickness: 0.14em;
    text-underline-offset: 0.22em;
    cursor: help;
  }
  .unsure::after {
    content: '' / ' (unsure)'; /* said, not shown: and not in what is selected, as a hidden element would be */
  }
  .partial::before {
    content: '› ' / '';
    color: var(--_accent);
    font-weight: 700;
  }
  .unstable {
    font-style: italic;
    opacity: 0.75;
  }
  .toolbar,
  .download {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
  }
  .toolbar button,
  select {
    min-block-size: 2.5rem;
    padding: 0.25rem 0.8rem;
    border: 1px solid var(--_line);
    border-radius: 999px;
    background: transparent;
    color: inherit;
    font: inherit;
    font-size: 0.95em;
    font-weight: 500;
  }
  .toolbar button:hover:enabled {
    border-color: var(--_accent);
    color: var(--_accent);
    filter: none;
  }
  .toolbar :disabled {
    opacity: 0.6;
    cursor: default;
  }
  .notice {
    font-size: 0.9em;
  }
`;
