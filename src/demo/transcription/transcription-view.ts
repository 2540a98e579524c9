import {LiveTranscript} from '../../elements.ts';
import {transcriptionSystems} from '../../index.ts';
import {find} from '../find.ts';
import {ModelChoice} from '../model-choice.ts';
import {connectLanguageModel} from './connect-language-model.ts';
import {connectLoading} from './connect-loading.ts';
import {connectRecording} from './connect-recording.ts';
import {connectRunning} from './connect-running.ts';
import {connectSearch} from './connect-search.ts';
import {connectSound} from './connect-sound.ts';
import {loadCheckpoint} from './load-checkpoint.ts';
import {SystemList} from './system-list.ts';

/** What the page may ask of the view of transcription. */
export interface TranscriptionView {
  /** Runs a weights file of the visitor's. */
  chooseModel(file: File): Promise<void>;
  /** Runs a system without a file of the visitor's. */
  use(systemId: string): void;
  /** Writes down a recording. */
  transcribe(file: File): Promise<void>;
  /** Uses the visitor's own language model. */
  useLanguageModel(file: File): void;
  /** Ends listening and reading. */
  stop(): Promise<void>;
}

/**
 * Brings the view of transcription to life.
 * @param onOther told of a weights file that is for no transcriber.
 */
export function connectTranscriptionView(onOther: (file: File) => void): TranscriptionView {
  customElements.define('live-transcript', LiveTranscript);
  const element = find('#transcript', LiveTranscript);
  const list = new SystemList(element, (systemId) => {
    model.use(systemId);
  });
  const showRunning = connectRunning(element);
  const showSearch = connectSearch(element);
  const model = new ModelChoice(element, {
    prefix: 'transcriber-',
    systems: transcriptionSystems,
    builtIn: 'earshot-ctc',
    onChoice: () => {
      // a model that is not loaded yet is told by no event
      list.show();
      showRunning();
      showSearch();
      void loadCheckpoint(element);
    },
    onOther,
  });
  connectLoading(element);
  connectSound(element);
  const languageModel = connectLanguageModel(element);
  const recording = connectRecording(element);
  return {
    chooseModel: (file) => model.choose(file),
    use: (systemId) => {
      model.use(systemId);
    },
    transcribe: (file) => recording.transcribe(file),
    useLanguageModel: (file) => {
      languageModel.useFile(file);
    },
    stop: () => element.stop(),
  };
}
