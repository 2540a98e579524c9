import '../define.ts';
import {KwsListener} from '../elements.ts';
import {connectChart} from './connect-chart.ts';
import {connectDetails} from './connect-details.ts';
import {connectEngine} from './connect-engine.ts';
import {connectModel} from './connect-model.ts';
import {connectThreshold} from './connect-threshold.ts';
import {connectDetectionList} from './detection-list.ts';
import {find} from './find.ts';

const listener = find('#listener', KwsListener);
const chart = connectChart(listener);
const showThreshold = connectThreshold(listener, (threshold) => chart.setThreshold(threshold));
const showDetails = connectDetails(listener);
connectDetectionList(listener);
connectEngine(listener);
connectModel(listener, () => {
  // a model that is not loaded yet is told by no event
  chart.restart();
  showThreshold();
  showDetails();
});
