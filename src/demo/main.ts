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
connectThreshold(listener, (threshold) => {
  chart.threshold = threshold;
  chart.draw();
});
connectDetectionList(listener);
connectModel(listener);
connectEngine(listener);
connectDetails(listener);
