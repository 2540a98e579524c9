import {expect, test} from 'vitest';
import {cards} from '../../../src/systems/cards.ts';
import {findTranscriptionSystem, transcriptionSystemIds} from '../../../src/systems/transcription-systems.ts';

test('every transcriber of the catalogue has a room, which holds its card', async () => {
  const known = cards.filter(({task}) => task === 'transcription');
  expect([...transcriptionSystemIds].sort()).toEqual(known.map(({id}) => id).sort());
  for (const card of known) expect((await findTranscriptionSystem(card.id)).card).toBe(card);
});

test('a card names the longest utterance that its system runs', async () => {
  for (const id of transcriptionSystemIds) {
    const {card, sampleRateHz, ...system} = await findTranscriptionSystem(id);
    const isWhole = system.kind === 'whole-utterance';
    const maxSamples = isWhole
      ? system.wholeUtterancePlan.maxFrames * system.createFrontEnd('utterance').hopLength
      : NaN;
    expect(card.maxUtteranceMs).toBe(isWhole ? (1000 * maxSamples) / sampleRateHz : undefined);
  }
});

test('a card names the scales of samples that its system can be made for', async () => {
  for (const id of transcriptionSystemIds) {
    const system = await findTranscriptionSystem(id);
    expect(system.card.fullScales !== undefined).toBe(system.withFullScale !== undefined);
    for (const fullScale of system.card.fullScales ?? []) {
      expect(system.withFullScale?.(fullScale).card).toBe(system.card);
    }
  }
});

test.each(['earshot-kws', 'toString', ''])(
  'the id "%s" is refused with a list of those there are',
  async (id) => {
    await expect(findTranscriptionSystem(id)).rejects.toThrow(
      new RangeError(
        `got transcription system "${id}", expected one of: ${transcriptionSystemIds.join(', ')}`,
      ),
    );
  },
);
