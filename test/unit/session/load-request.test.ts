import {afterEach, beforeEach, expect, it, vi} from 'vitest';
import {KeywordSpotter} from '../../../src/session/keyword-spotter.ts';
import type {KeywordSpotterOptions} from '../../../src/session/spotter-options.ts';
import {installFakePage, type FakePage} from '../../support/fake-page.ts';

let page: FakePage;

beforeEach(() => {
  page = installFakePage();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

it.each<[string, KeywordSpotterOptions, object | undefined]>([
  ['nothing where the page asks for nothing', {}, undefined],
  ['nothing where the page says no', {incremental: false, hopMs: 80}, undefined],
  ['that the page asks for it', {incremental: true}, {}],
  ['at which hop the page asks for it', {incremental: true, hopMs: 80}, {hopMs: 80}],
])('the worker is told of incremental windows: %s', async (_, options, incremental) => {
  const spotter = await KeywordSpotter.load('earshot-kws', options);
  const [load] = page.workers.at(-1)?.sent ?? [];
  expect(load).toMatchObject({kind: 'load'});
  expect((load as {payload: {incremental?: object}}).payload.incremental).toEqual(incremental);
  spotter.dispose();
});
