import {openOnnxFiles} from '../src/engine/engines.ts';
import {networkOfGraph} from '../src/import/network-of-graph.ts';
import type {SystemCard} from '../src/models/catalogue.ts';
import {estimateRealTimeFactor} from '../src/pipeline/estimate-real-time-factor.ts';
import {SpeechError} from '../src/protocol/speech-error.ts';
import type {SpeedReply, SpeedRequest} from '../src/protocol/transcription-messages.ts';
import {NetworkLoader, type LoadContext} from './network-loader.ts';

/** Longest time for which networks are run. */
const BUDGET_MS = 2000;

/**
 * Times what tells how fast a transcriber would be here. Of a large network nothing is fetched. Worker.
 * @throws as `estimateRealTimeFactor`; an AbortError once the signal aborts.
 */
export async function estimateSpeed(request: SpeedRequest, context: LoadContext): Promise<SpeedReply> {
  const {assets, signal} = context;
  const {systemId, threadCount} = request;
  const loader = new NetworkLoader(request, context);
  const realTimeFactor = await estimateRealTimeFactor(
    systemId,
    {
      weightsFor: async (card) => {
        await loader.plan(card);
        if (card.weights.builtInPath === undefined && loader.hasToDownload) throw notHere(card);
        return await loader.readWeights(card);
      },
      modelFor: (graph, {card}) => loader.loadModel(graph, card, undefined),
      modelOfProbe: async (graph) => {
        const network = await networkOfGraph(graph, 'int8', signal);
        return await openOnnxFiles(network, {numerics: network.numerics, threadCount, assets, signal});
      },
    },
    {budgetMs: BUDGET_MS, now: () => performance.now(), signal},
  );
  return {realTimeFactor};
}

/** An estimate is made before anything large is fetched, never by fetching it. */
function notHere({id, weights: {name}}: SystemCard): SpeechError {
  return new SpeechError(
    'network',
    `got no weights for ${id}, expected the file ${name} given, or installed`,
  );
}
