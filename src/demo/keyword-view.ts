import {KwsListener} from '../elements.ts';
import {keywordSystems} from '../index.ts';
import {connectChart} from './connect-chart.ts';
import {connectDetails} from './connect-details.ts';
import {connectEngine} from './connect-engine.ts';
import {connectThreshold} from './connect-threshold.ts';
import {connectDetectionList} from './detection-list.ts';
import {find} from './find.ts';
import {ModelChoice} from './model-choice.ts';

/** What the page may ask of the view of keywords. */
export interface KeywordView {
  /** Runs a weights file of the visitor's. */
  chooseModel(file: File): Promise<void>;
  /** Runs a system without a file of the visitor's. */
  use(systemId: string): void;
  /** Ends listening. */
  stop(): Promise<void>;
}

/**
 * Brings the view of keywords to life.
 * @param onOther told of a weights file that is for no keyword spotter.
 */
export function connectKeywordView(onOther: (file: File) => void): KeywordView {
  customElements.define('kws-listener', KwsListener);
  const listener = find('#listener', KwsListener);
  const chart = connectChart(listener);
  const showThreshold = connectThreshold(listener, (threshold) => chart.setThreshold(threshold));
  const showDetails = connectDetails(listener);
  connectDetectionList(listener);
  connectEngine(listener);
  const model = new ModelChoice(listener, {
    prefix: '',
    systems: keywordSystems,
    builtIn: 'earshot-kws',
    onChoice: () => {
      // a model that is not loaded yet is told by no event
      chart.restart();
      showThreshold();
      showDetails();
    },
    onOther,
  });
  return {
    chooseModel: (file) => model.choose(file),
    use: (systemId) => {
      model.use(systemId);
    },
    stop: () => listener.stop(),
  };
}
