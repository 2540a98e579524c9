import {describe, expect, it} from 'vitest';
import type {KeywordDetection} from '../../../src/events/keyword-events.ts';
import {EventQueue} from '../../../src/session/event-queue.ts';

function detection(startTime: number): KeywordDetection {
  return {
    keyword: 'yes',
    score: 1,
    threshold: 0.5,
    startTime,
    endTime: startTime,
    engine: 'none',
    latencyMs: 0,
  };
}

describe('a reader', () => {
  it('gets what waits, in order, then what comes', async () => {
    const queue = new EventQueue<KeywordDetection>();
    queue.push(detection(1));
    queue.push(detection(2));
    expect((await queue.next())?.startTime).toBe(1);
    expect((await queue.next())?.startTime).toBe(2);
    const coming = queue.next();
    queue.push(detection(3));
    expect((await coming)?.startTime).toBe(3);
  });

  it('is told of the end while it waits, and again later', async () => {
    const queue = new EventQueue<KeywordDetection>();
    const waiting = queue.next();
    queue.finish();
    expect(await waiting).toBeUndefined();
    expect(await queue.next()).toBeUndefined();
  });

  it('is told of a failure after what waits', async () => {
    const queue = new EventQueue<KeywordDetection>();
    queue.push(detection(1));
    queue.fail(new Error('lost'));
    expect((await queue.next())?.startTime).toBe(1);
    await expect(queue.next()).rejects.toThrow('lost');
  });

  it('hears nothing that comes after the end', async () => {
    const queue = new EventQueue<KeywordDetection>();
    queue.finish();
    queue.push(detection(1));
    expect(await queue.next()).toBeUndefined();
  });

  it('keeps the first end it was told of', async () => {
    const queue = new EventQueue<KeywordDetection>();
    queue.finish();
    queue.fail(new Error('late'));
    expect(await queue.next()).toBeUndefined();
  });
});

it('forgets the oldest of a reader that lags far behind', async () => {
  const queue = new EventQueue<KeywordDetection>();
  for (let time = 0; time < 100; time++) queue.push(detection(time));
  expect((await queue.next())?.startTime).toBe(40);
});
