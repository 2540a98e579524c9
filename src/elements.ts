/** The element classes, not registered: `earshot/define` does that. */
export {KwsListener} from './components/kws-listener.ts';
export {LiveTranscript} from './components/live-transcript.ts';
