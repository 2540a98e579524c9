// `npm test`: everything that must hold, one step after the other. A failing step does not hide later ones.
import {parseArgs} from 'node:util';
import {installPackages, requireNodeVersion} from './prepare.mjs';

/** Continuous integration ends a run after 30 minutes; what is over by then must already be reported. */
const DEADLINE_MS = 28 * 60 * 1000;

requireNodeVersion();
installPackages();
// these need the packages, which a bare clone does not have until here
const {runStep} = await import('./run-step.mjs');
const {steps} = await import('./test-steps.mjs');

const start = performance.now();
const deadline = AbortSignal.timeout(DEADLINE_MS);
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    interruption.abort();
  });
}

/** @type {import('./run-step.mjs').StepResult[]} */
const results = [];
for (const step of chooseSteps()) {
  if (interruption.signal.aborted) break;
  console.log(`\n── ${step.name}`);
  results.push(await runStep(step, AbortSignal.any([deadline, interruption.signal])));
}
report(results);

/** @returns {readonly import('./test-steps.mjs').Step[]} */
function chooseSteps() {
  const {values} = parseArgs({options: {only: {type: 'string', multiple: true, default: []}}});
  const names = values.only.flatMap((list) => list.split(','));
  const unknown = names.filter((name) => !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    console.error(
      `got --only ${unknown.join(',')}, expected any of ${steps.map(({name}) => name).join(', ')}`,
    );
    process.exit(1);
  }
  return names.length === 0 ? steps : steps.filter(({name}) => names.includes(name));
}

/** @param {readonly import('./run-step.mjs').StepResult[]} all */
function report(all) {
  const passed = all.reduce((total, result) => total + result.passed, 0);
  const failed = all.reduce((total, result) => total + result.failed, 0);
  const skipped = all.flatMap((result) => result.skipped);
  const failures = all.flatMap((result) => result.failures);
  console.log('\n── result');
  for (const result of all) console.log(resultLine(result));
  if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((line) => `  ${line}`).join('\n')}`);
  if (failures.length > 0) console.log(`\nFailed:\n${failures.map((line) => `  ${line}`).join('\n')}`);
  console.log(`\n${((performance.now() - start) / 1000).toFixed(0)} s in all`);
  const skippedPart = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
  console.log(`${passed} passed, ${failed} failed${skippedPart}`);
  const isWhole = !interruption.signal.aborted && passed > 0;
  process.exitCode = failed === 0 && isWhole ? 0 : 1;
}

/** @param {import('./run-step.mjs').StepResult} result */
function resultLine({name, passed, failed, skipped, seconds}) {
  const counts = `${passed} passed, ${failed} failed, ${skipped.length} skipped`;
  return `  ${failed > 0 ? '✗' : '✓'} ${name.padEnd(14)} ${counts} (${seconds.toFixed(1)} s)`;
}
