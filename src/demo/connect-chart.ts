import type {KwsListener} from '../elements.ts';
import {keywordSystems} from '../index.ts';
import {find} from './find.ts';
import {formatScore} from './format.ts';
import {PosteriorChart, SPAN_MS, type ChartLabels} from './posterior-chart.ts';

/** What the rest of the page may do with the chart. */
export interface ChartControls {
  /** Moves the dashed lines. */
  setThreshold(threshold: number): void;
  /** Empties the chart, for the listener's model as it is now. */
  restart(): void;
}

/** Feeds the chart and its table from the listener's events; the listener itself takes no part in the drawing. */
export function connectChart(listener: KwsListener): ChartControls {
  const chart = new PosteriorChart(find('#chart', HTMLCanvasElement));
  const rows = find('#chart-rows', HTMLTableSectionElement);
  const restart = (): void => {
    chart.clear(labelsOf(listener));
    showRows(rows, chart);
  };
  restart();
  listener.addEventListener('kws-posteriors', (event) => chart.push(event));
  listener.addEventListener('kws-detect', (event) => chart.mark(event));
  // once a second is as fast as anybody reads numbers
  listener.addEventListener('kws-stats', () => showRows(rows, chart));
  listener.addEventListener('kws-state', ({state}) => {
    if (state.name === 'starting') restart();
    chart.setRunning(state.name === 'listening');
  });
  const setThreshold = (threshold: number): void => {
    chart.threshold = threshold;
    chart.draw();
  };
  return {setThreshold, restart};
}

/** Those of what is loaded, else those on the model's card. */
function labelsOf({info, model}: KwsListener): ChartLabels {
  if (info?.systemId === model) return info;
  const card = keywordSystems.find(({id}) => id === model);
  if (!card) return {labels: [], keywords: []};
  return {labels: card.labels, keywords: card.labels.filter((label) => !card.rejectLabels.includes(label))};
}

function showRows(rows: HTMLTableSectionElement, {lanes, history}: PosteriorChart): void {
  const newestMs = history && history.count > 0 ? history.timeAt(history.count - 1) : 0;
  while (rows.rows.length > lanes.length) rows.deleteRow(-1);
  lanes.forEach(({name, label}, index) => {
    const row = rows.rows[index] ?? createRow(rows);
    const texts = [name, formatScore(history?.newest(label) ?? 0)];
    texts.push(formatScore(history?.peak(label, newestMs - SPAN_MS) ?? 0));
    texts.forEach((text, column) => {
      const cell = row.cells[column];
      if (cell) cell.textContent = text;
    });
  });
}

function createRow(rows: HTMLTableSectionElement): HTMLTableRowElement {
  const row = rows.insertRow();
  const name = document.createElement('th');
  name.scope = 'row';
  row.append(name);
  row.insertCell();
  row.insertCell();
  return row;
}
