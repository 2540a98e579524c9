import {connectFileDrop} from './file-drop.ts';
import {fileKind} from './file-kind.ts';
import {connectKeywordView} from './keyword-view.ts';
import {LazyTranscriptionView} from './lazy-transcription-view.ts';
import {Views} from './views.ts';

const keywords = connectKeywordView((file) => void transcribeWith(file));
const transcription = new LazyTranscriptionView((file) => void spotWith(file));
const views = new Views([
  {
    name: 'keywords',
    title: 'Keywords',
    embedId: 'embed',
    enter: () => Promise.resolve(),
    leave: () => void keywords.stop(),
  },
  {
    name: 'transcription',
    title: 'Transcription',
    embedId: 'embed-transcription',
    enter: () => transcription.open(),
    leave: () => void transcription.stop(),
  },
]);
connectFileDrop((file) => void receive(file));

/** A dropped file goes to the view that can use it; one that nobody knows, to the view that is shown. */
async function receive(file: File): Promise<void> {
  const kind = await fileKind(file);
  if (kind === 'weights' && views.current === 'keywords') await spotWith(file);
  else if (kind === 'weights' || kind === 'checkpoint') await transcribeWith(file);
  else {
    views.show('transcription');
    const view = await transcription.open();
    await (kind === 'recording' ? view?.transcribe(file) : view?.useLanguageModel(file));
  }
}

async function spotWith(weights: File): Promise<void> {
  views.show('keywords');
  await keywords.chooseModel(weights);
}

async function transcribeWith(weights: File): Promise<void> {
  views.show('transcription');
  const view = await transcription.open();
  await view?.chooseModel(weights);
}
