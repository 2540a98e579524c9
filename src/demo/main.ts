import type {SystemCard} from '../index.ts';
import {connectFileDrop} from './file-drop.ts';
import {fileKind} from './file-kind.ts';
import {connectKeywordView} from './keyword-view.ts';
import {LazyView} from './lazy-view.ts';
import {connectOffline} from './offline/connect-offline.ts';
import {Views} from './views.ts';

const keywords = connectKeywordView((file) => void transcribeWith(file));
const transcription = new LazyView('transcription', async () => {
  const {connectTranscriptionView} = await import('./transcription/transcription-view.ts');
  return connectTranscriptionView((file) => void spotWith(file));
});
const models = new LazyView('models', async () => {
  const {ModelsView} = await import('./models/models-view.ts');
  return new ModelsView((card) => void use(card));
});
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
    leave: () => void transcription.opened().then((view) => view?.stop()),
  },
  {
    name: 'models',
    title: 'Models',
    embedId: 'embed',
    enter: async () => (await models.open())?.refresh(),
    leave: () => undefined,
  },
]);
connectFileDrop((file) => void receive(file));
void connectOffline();

/**
 * A dropped file goes to the view that can use it; one that nobody knows, to the view that is shown. Where models are
 * shown, a network is kept.
 */
async function receive(file: File): Promise<void> {
  const kind = await fileKind(file);
  if (views.current === 'models' && (kind === 'weights' || kind === 'checkpoint')) {
    await (await models.open())?.add(file);
  } else if (kind === 'weights' && views.current === 'keywords') await spotWith(file);
  else if (kind === 'weights' || kind === 'checkpoint') await transcribeWith(file);
  else {
    views.show('transcription');
    const view = await transcription.open();
    await (kind === 'recording' ? view?.transcribe(file) : view?.useLanguageModel(file));
  }
}

/** Runs a system that is on this device. */
async function use({id, task}: SystemCard): Promise<void> {
  if (task === 'keyword-spotting') {
    views.show('keywords');
    keywords.use(id);
  } else {
    views.show('transcription');
    (await transcription.open())?.use(id);
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
