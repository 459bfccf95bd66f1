import { readFileSync } from 'node:fs';
import { localEnvironment } from './environment.mjs';
import { run } from './guarded.mjs';
import { tool } from './root.mjs';

/**
 * @typedef {object} Report what vitest's json reporter writes, as far as it matters here
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {ReadonlyArray<{ status: string, assertionResults: readonly unknown[] }>} testResults by file
 */

/**
 * Runs the tests of one vitest configuration, shows them as they go, and counts them.
 *
 * @param {string} config
 * @param {{ report: string, temporary: string }} places a file to write on the way, and a folder for what tests leave
 */
export async function runTests(config, { report: reportPath, temporary }) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
  const { code } = await run([tool('vitest'), 'run', '--config', config, ...reporters], {
    env: { ...localEnvironment(), TMPDIR: temporary },
    live: true,
  });
  const report = readReport(reportPath);
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  const failed = report.numFailedTests + brokenFiles.length;
  const isBroken = code !== 0 && failed === 0;
  return {
    score: { passed: report.numPassedTests, failed: isBroken ? 1 : failed },
    output: `vitest ended with exit code ${code}.`,
  };
}

/**
 * @param {string} path
 * @returns {Report} an empty one when vitest did not come to write it
 */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  }
}
