import {describe, expect, test} from 'vitest';
import {checkSystem, keywordSystems, reportableLabels} from '../../../src/session/keyword-cards.ts';

describe('checking a system before anything is fetched', () => {
  test('gives the card of every known system, with all of its keywords or some', () => {
    for (const card of keywordSystems) {
      expect(checkSystem(card.id)).toBe(card);
      expect(checkSystem(card.id, reportableLabels(card))).toBe(card);
    }
    expect(keywordSystems.length).toBeGreaterThan(0);
  });

  test('refuses an unknown system and lists those there are', () => {
    expect(() => {
      checkSystem('earshot-kwz');
    }).toThrow(/^got keyword system "earshot-kwz", expected one of: .*earshot-kws/);
  });

  test('refuses a keyword that the system cannot hear, silence and unknown too', () => {
    for (const keyword of ['yess', '_silence_', '_unknown_']) {
      expect(() => {
        checkSystem('earshot-kws', ['yes', keyword]);
      }).toThrow(new RegExp(`^got keyword "${keyword}", expected some of those of earshot-kws: yes, no, `));
    }
  });
});
