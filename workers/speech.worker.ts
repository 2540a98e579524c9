import type {ToEngine} from '../src/protocol/messages.ts';
import {engineAssets} from './engine-assets.ts';
import {SpeechService} from './speech-service.ts';

const service = new SpeechService((message) => {
  self.postMessage(message);
}, engineAssets);

self.onmessage = ({data}: MessageEvent<ToEngine>) => {
  service.receive(data);
};

self.addEventListener('securitypolicyviolation', (violation) => {
  service.noticeViolation(violation as SecurityPolicyViolationEvent);
});
