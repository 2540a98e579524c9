import {afterEach, describe, expect, it, vi} from 'vitest';
import {policyError} from '../../../src/protocol/policy-error.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the error of a refusal by the policy', () => {
  it.each([
    ['another host', 'https://models.example/a/b.bin?c', "connect-src 'self' https://models.example"],
    ['another port', 'http://localhost:99/b.bin', "connect-src 'self' http://localhost:99"],
    ['the page itself', 'https://page.example/b.bin', "connect-src 'self'"],
  ])('names the line that lets the page connect to %s', (_what, blockedURI, line) => {
    vi.stubGlobal('origin', 'https://page.example');
    const {code, message} = policyError({effectiveDirective: 'connect-src', blockedURI});
    expect(code).toBe('csp-blocked');
    expect(message).toBe(
      `got ${blockedURI} refused by the site's connect-src, expected that to allow it, as in "${line}", and every host that it redirects to`,
    );
  });

  it.each([
    ['worker-src', "'self'"],
    ['script-src-elem', "'self' 'wasm-unsafe-eval'"],
    ['img-src', "'self'"],
  ])('says what %s must allow', (effectiveDirective, needed) => {
    const {message} = policyError({effectiveDirective, blockedURI: 'https://page.example/a'});
    expect(message).toMatch(new RegExp(`expected that to allow ${needed}$`));
  });
});
