import {describe, expect, it} from 'vitest';
import type {SessionState} from '../../../src/events/session-state.ts';
import {SpeechError} from '../../../src/protocol/speech-error.ts';
import {nextState, type SessionEvent} from '../../../src/session/next-state.ts';

const error = new SpeechError('audio-capture', 'no microphone');

const STATES: readonly SessionState[] = [
  {name: 'idle'},
  {name: 'loading'},
  {name: 'ready'},
  {name: 'starting'},
  {name: 'listening', microphone: 'live'},
  {name: 'transcribing'},
  {name: 'stopping'},
  {name: 'failed', error},
  {name: 'disposed'},
];

const EVENTS: readonly SessionEvent[] = [
  {kind: 'load'},
  {kind: 'loaded'},
  {kind: 'load-cancelled'},
  {kind: 'start'},
  {kind: 'started', microphone: 'live'},
  {kind: 'microphone', status: 'muted'},
  {kind: 'read'},
  {kind: 'stop'},
  {kind: 'stopped'},
  {kind: 'fail', error},
  {kind: 'dispose'},
];

/** The whole table: a row for each state, a column for each event, in the orders above; · means no change. */
const TABLE = `
  idle         loading · · · · · · · · · disposed
  loading      · ready idle · · · · · · failed disposed
  ready        · · · starting · · transcribing · · failed disposed
  starting     · · · · listening · · stopping · failed disposed
  listening    · · · · · listening · stopping · failed disposed
  transcribing · · · · · · · · ready failed disposed
  stopping     · · · · · · · · ready failed disposed
  failed       loading · · starting · · transcribing · · · disposed
  disposed     · · · · · · · · · · ·
`;

const rows = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

describe.each(STATES.map((state, row) => ({state, expected: rows[row] ?? []})))(
  'from $state.name',
  ({state, expected}) => {
    it.each(EVENTS.map((event, column) => ({event, to: expected[column + 1]})))(
      '$event.kind leads to $to',
      (row) => {
        expect(expected[0]).toBe(state.name);
        const next = nextState(state, row.event);
        if (row.to === '·') expect(next).toBe(state);
        else expect(next.name).toBe(row.to);
      },
    );
  },
);

it('carries the error and the microphone', () => {
  expect(nextState({name: 'starting'}, {kind: 'fail', error})).toEqual({name: 'failed', error});
  const listening = nextState({name: 'starting'}, {kind: 'started', microphone: 'suspended'});
  expect(listening).toEqual({name: 'listening', microphone: 'suspended'});
  expect(nextState(listening, {kind: 'microphone', status: 'interrupted'})).toEqual({
    name: 'listening',
    microphone: 'interrupted',
  });
});
