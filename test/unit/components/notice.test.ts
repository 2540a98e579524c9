import type {ReactiveControllerHost} from 'lit';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {Notice} from '../../../src/components/notice.ts';

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

test('a notice is shown for a while, and the host renders at both ends', () => {
  const notice = new Notice(host);
  notice.show('Copied');
  expect(notice.text).toBe('Copied');
  vi.advanceTimersByTime(6000);
  expect(notice.text).toBeUndefined();
  expect(host.requestUpdate).toHaveBeenCalledTimes(2);
});

test('a second notice takes the place of the first, for the full time', () => {
  const notice = new Notice(host);
  notice.show('Copied');
  vi.advanceTimersByTime(4000);
  notice.show('Not copied');
  vi.advanceTimersByTime(4000);
  expect(notice.text).toBe('Not copied');
});

test('nothing is shown and no timer is left once the element is gone', () => {
  const notice = new Notice(host);
  notice.show('Copied');
  notice.hostDisconnected();
  expect(notice.text).toBeUndefined();
  expect(vi.getTimerCount()).toBe(0);
});
