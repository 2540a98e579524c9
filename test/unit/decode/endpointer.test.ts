import {describe, expect, it} from 'vitest';
import {Endpointer, type EndpointerOptions, type EndpointEvent} from '../../../src/decode/endpointer.ts';
import {seededRandom} from '../../support/prng.ts';

const HOP = 160;
const RATE_HZ = 16_000;
const FORM = {sampleRateHz: RATE_HZ, hopLength: HOP} as const;

/** Frames of 10 ms, so many of each: whether the gate is open, and how probable speech is. */
type Piece = readonly [frames: number, isOpen: boolean, speechProbability?: number];

function eventsOf(pieces: readonly Piece[], options: Partial<EndpointerOptions> = {}): EndpointEvent[] {
  const endpointer = new Endpointer({...FORM, ...options});
  const events: EndpointEvent[] = [];
  for (const [frames, isOpen, probability = isOpen ? 1 : 0] of pieces) {
    for (let frame = 0; frame < frames; frame++) {
      const event = endpointer.push(isOpen, probability);
      if (event) events.push(event);
    }
  }
  const last = endpointer.flush();
  return last ? [...events, last] : events;
}

/** "start 70", "silence 70–270": places in frames. */
const inWords = (events: readonly EndpointEvent[]): readonly string[] =>
  events.map((event) =>
    event.kind === 'start'
      ? `start ${event.startSample / HOP}`
      : `${event.reason} ${event.startSample / HOP}–${event.endSample / HOP}${event.isContinued ? ' …' : ''}`,
  );

describe('an utterance', () => {
  it('has 300 ms before the gate opened and 200 ms after it closed', () => {
    expect(
      inWords(
        eventsOf([
          [100, false],
          [150, true],
          [100, false],
        ]),
      ),
    ).toEqual(['start 70', 'silence 70–270']);
  });

  it('is known as soon as its silence is over, no frame later', () => {
    const endpointer = new Endpointer(FORM);
    for (let frame = 0; frame < 50; frame++) endpointer.push(true, 1);
    for (let frame = 0; frame < 69; frame++) expect(endpointer.push(false, 0)).toBeUndefined();
    expect(endpointer.isWithinUtterance).toBe(true);
    expect(endpointer.push(false, 0)?.kind).toBe('endpoint');
    expect(endpointer.isWithinUtterance).toBe(false);
  });

  it('has its silence from the last frame of speech on, not from where the hangover of the gate ends', () => {
    const endpointer = new Endpointer(FORM);
    for (let frame = 0; frame < 50; frame++) endpointer.push(true, 1, true);
    for (let frame = 0; frame < 15; frame++) endpointer.push(true, 0.1, false);
    for (let frame = 0; frame < 54; frame++) expect(endpointer.push(false, 0, false)).toBeUndefined();
    expect(endpointer.push(false, 0, false)).toMatchObject({kind: 'endpoint', endSample: 85 * HOP});
  });

  it('never ends while the gate is open', () => {
    const endpointer = new Endpointer({...FORM, trailingSilenceMs: 50});
    for (let frame = 0; frame < 50; frame++) endpointer.push(true, 1, true);
    for (let frame = 0; frame < 15; frame++) expect(endpointer.push(true, 0.1, false)).toBeUndefined();
    expect(endpointer.push(false, 0, false)?.kind).toBe('endpoint');
  });

  it('goes on over pauses shorter than the trailing silence', () => {
    const spoken = eventsOf([
      [50, false],
      [50, true],
      [69, false],
      [50, true],
      [200, false],
    ]);
    expect(inWords(spoken)).toEqual(['start 20', 'silence 20–239']);
  });

  it('does not begin before the stream, nor before the end of the one before it', () => {
    const options = {trailingSilenceMs: 200, preRollMs: 500};
    const spoken = eventsOf(
      [
        [10, true],
        [25, false],
        [20, true],
        [100, false],
      ],
      options,
    );
    expect(inWords(spoken)).toEqual(['start 0', 'silence 0–30', 'start 30', 'silence 30–75']);
  });

  it('is none where the gate was open for less than 100 ms', () => {
    expect(
      eventsOf([
        [50, false],
        [9, true],
        [50, false],
        [9, true],
        [80, false],
      ]),
    ).toEqual([]);
    expect(
      eventsOf([
        [50, false],
        [10, true],
        [80, false],
      ]),
    ).toHaveLength(2);
  });

  it('ends with the stream', () => {
    expect(inWords(eventsOf([[50, true]]))).toEqual(['start 0', 'stream-end 0–50']);
    expect(
      inWords(
        eventsOf([
          [50, true],
          [40, false],
        ]),
      ),
    ).toEqual(['start 0', 'stream-end 0–70']);
    expect(eventsOf([[50, false]])).toEqual([]);
  });

  it('takes the length of its silence from the option', () => {
    const pieces: Piece[] = [
      [50, true],
      [40, false],
      [50, true],
      [200, false],
    ];
    expect(eventsOf(pieces, {trailingSilenceMs: 300})).toHaveLength(4);
    expect(eventsOf(pieces, {trailingSilenceMs: 500})).toHaveLength(2);
  });
});

describe('an utterance of which a transcriber tells what it has heard', () => {
  /** The frame that ends an utterance whose gate closes after 150 frames, with what was heard told at frame 160. */
  function endOf(wordEnd: number, heardEnd: number, options: Partial<EndpointerOptions> = {}): number {
    const endpointer = new Endpointer({...FORM, ...options});
    for (let frame = 1; ; frame++) {
      if (endpointer.push(frame <= 150, 0.5)?.kind === 'endpoint') return frame;
      if (frame === 160) endpointer.hear({wordEndSample: wordEnd * HOP, heardSample: heardEnd * HOP});
    }
  }

  it('ends 150 ms more than its silence after the last word, though the gate was slow to close', () => {
    expect(endOf(100, 155)).toBe(185);
    expect(endOf(100, 155, {trailingSilenceMs: 1000})).toBe(215);
  });

  it('ends no later than without', () => {
    expect(endOf(149, 155)).toBe(220);
  });

  it('does not end by what was heard where the gate was open long after that', () => {
    expect(endOf(100, 130)).toBe(185);
    expect(endOf(100, 129)).toBe(220);
  });

  it('does not end by what was heard of the one before', () => {
    const endpointer = new Endpointer(FORM);
    const ends: number[] = [];
    for (let frame = 1; frame <= 600; frame++) {
      const isOpen = frame <= 150 || (frame > 300 && frame <= 450);
      if (endpointer.push(isOpen, 0.5)?.kind === 'endpoint') ends.push(frame);
      if (frame === 160) endpointer.hear({wordEndSample: 100 * HOP, heardSample: 155 * HOP});
    }
    expect(ends).toEqual([185, 520]);
  });
});

describe('an utterance that is too long', () => {
  const options = {maxUtteranceMs: 4000};

  it('is cut where speech was weakest in its second half, and goes on from there', () => {
    const weak: Piece = [20, true, 0.4];
    const spoken = eventsOf([[100, true, 0.2], [200, true], weak, [200, true], [100, false]], options);
    expect(inWords(spoken)).toEqual(['start 0', 'max-length 0–315 …', 'silence 315–540']);
  });

  it('is cut at its end where all is equal', () => {
    const [start, first, second] = eventsOf([[900, true]], options);
    expect(inWords([start, first, second] as EndpointEvent[])).toEqual([
      'start 0',
      'max-length 0–395 …',
      'max-length 395–790 …',
    ]);
  });

  it('leaves out no frame of speech and has none twice, whatever the gate does (300 seeded streams)', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 300; round++) {
      const pieces = Array.from({length: 40}, (_, index): Piece => {
        const isOpen = index % 2 === 1;
        return [random.integer(1, isOpen ? 300 : 90), isOpen, random.next()];
      });
      expectCovered(
        pieces,
        eventsOf(pieces, {...options, minSpeechMs: 0}),
        `seed ${random.seed}, round ${round}`,
      );
    }
  });

  it('is not continued where only silence followed the cut', () => {
    const spoken = eventsOf(
      [
        [340, true],
        [65, false],
      ],
      options,
    );
    expect(inWords(spoken)).toEqual(['start 0', 'max-length 0–395']);
  });
});

function expectCovered(pieces: readonly Piece[], events: readonly EndpointEvent[], what: string): void {
  const spans = events.filter((event) => event.kind === 'endpoint');
  spans.forEach((span, index) => {
    expect(span.endSample - span.startSample, what).toBeGreaterThan(0);
    expect(span.endSample - span.startSample, what).toBeLessThanOrEqual(4 * RATE_HZ);
    if (index > 0) expect(span.startSample, what).toBeGreaterThanOrEqual(spans[index - 1]?.endSample ?? 0);
  });
  let frame = 0;
  for (const [frames, isOpen] of pieces) {
    for (let index = 0; isOpen && index < frames; index++) {
      const sample = (frame + index) * HOP;
      const isCovered = spans.some((span) => span.startSample <= sample && sample < span.endSample);
      if (!isCovered) expect.fail(`${what}: frame ${frame + index} is in no utterance`);
    }
    frame += frames;
  }
}

describe('places', () => {
  it('lie in the middle of overlapping windows', () => {
    const [start, end] = eventsOf(
      [
        [100, false],
        [150, true],
        [100, false],
      ],
      {windowLength: 400},
    );
    expect(start?.startSample).toBe(70 * HOP + 120);
    expect(end?.kind === 'endpoint' && end.endSample).toBe(270 * HOP + 120);
  });

  it('count from where reset says, and what was before is forgotten', () => {
    const endpointer = new Endpointer(FORM);
    for (let frame = 0; frame < 50; frame++) endpointer.push(true, 1);
    endpointer.reset(1_000_000);
    expect(endpointer.flush()).toBeUndefined();
    const events = Array.from({length: 20}, () => endpointer.push(true, 1)).filter(Boolean);
    expect(events).toEqual([{kind: 'start', startSample: 1_000_000}]);
  });
});

describe('the endpointer refuses', () => {
  it.each<[Partial<EndpointerOptions>, string]>([
    [{trailingSilenceMs: 0}, 'trailingSilenceMs: got 0, expected 10 or more'],
    [{trailingSilenceMs: NaN}, 'trailingSilenceMs: got NaN'],
    [{maxUtteranceMs: Infinity}, 'maxUtteranceMs: got Infinity'],
    [{maxUtteranceMs: 700}, 'maxUtteranceMs: got 700, expected more than twice'],
    [{preRollMs: -1}, 'preRollMs: got -1'],
    [{windowLength: 100}, 'frames: got 100 samples every 160'],
  ])('%j', (options, message) => {
    expect(() => new Endpointer({...FORM, ...options})).toThrow(RangeError);
    expect(() => new Endpointer({...FORM, ...options})).toThrow(message);
  });
});
