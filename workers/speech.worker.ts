import type {ToEngine} from '../src/protocol/messages.ts';
import {engineAssets} from './engine-assets.ts';
import {SpeechService} from './speech-service.ts';

const {userAgent, hardwareConcurrency} = navigator;

const service = new SpeechService(
  (message) => {
    self.postMessage(message);
  },
  engineAssets,
  {
    // not there where the page is not served securely
    caches: (self as {readonly caches?: CacheStorage}).caches,
    baseUrl: self.location.href,
    device: `${userAgent}; ${hardwareConcurrency} cores`,
    files: (navigator as {readonly storage?: StorageManager}).storage,
    locks: (navigator as {readonly locks?: LockManager}).locks,
  },
);

self.onmessage = ({data}: MessageEvent<ToEngine>) => {
  service.receive(data);
};

self.addEventListener('securitypolicyviolation', (violation) => {
  service.noticeViolation(violation as SecurityPolicyViolationEvent);
});
