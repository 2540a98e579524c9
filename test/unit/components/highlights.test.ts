import type {ReactiveControllerHost} from 'lit';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {Highlights} from '../../../src/components/highlights.ts';

const host = {
  addController: vi.fn(),
  removeController: vi.fn(),
  requestUpdate: vi.fn(),
  updateComplete: Promise.resolve(true),
} satisfies ReactiveControllerHost;

beforeEach(() => {
  vi.useFakeTimers();
  host.requestUpdate.mockClear();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a heard keyword is lit for a while, and the host renders at both ends', () => {
  const highlights = new Highlights(host);
  highlights.add('yes');
  expect([highlights.has('yes'), highlights.has('no'), highlights.isAny]).toEqual([true, false, true]);
  vi.advanceTimersByTime(1500);
  expect([highlights.has('yes'), highlights.isAny]).toEqual([false, false]);
  expect(host.requestUpdate).toHaveBeenCalledTimes(2);
});

test('a keyword heard again stays lit for the full time again', () => {
  const highlights = new Highlights(host);
  highlights.add('yes');
  vi.advanceTimersByTime(1000);
  highlights.add('yes');
  vi.advanceTimersByTime(1000);
  expect(highlights.has('yes')).toBe(true);
});

test('nothing is lit and no timer is left once the element is gone', () => {
  const highlights = new Highlights(host);
  highlights.add('yes');
  highlights.hostDisconnected();
  expect(highlights.isAny).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});
