import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { root } from './root.mjs';

/** A place in the built script, as a stack names it, also one within a line of JSON. Bounded: a line may be long. */
const PLACE = /(?<![\w.:/-])(?:file:\/\/)?(?:[\w.-]{0,64}\/){0,24}index\.js:(\d+):(\d+)/g;

/**
 * For what a built Worker logs: the places of stacks as their authors know them.
 *
 * @param {string} worker folder of a built Worker, with its source map
 * @returns {(text: string) => string} `index.js:7:4211` becomes `src/app.ts:30:12`
 */
export function sourcePlaces(worker) {
  /** @type {SourceMap | null | undefined} read when something is logged that needs it: it is large */
  let sourceMap;
  /**
   * @param {string} place
   * @param {string} line
   * @param {string} column
   */
  const inSource = (place, line, column) => {
    sourceMap ??= readMap(worker);
    if (sourceMap === null) return place;
    const found = sourceMap.findEntry(Number(line) - 1, Number(column) - 1);
    // For a place that the script does not have, the one before it is found.
    if (!('originalSource' in found) || found.generatedLine !== Number(line) - 1) return place;
    const source = relative(root, resolve(worker, found.originalSource));
    return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
  };
  return (text) => (text.includes('index.js:') ? text.replace(PLACE, inSource) : text);
}

/**
 * @param {string} worker
 * @returns {SourceMap | null} null: it is not there any more
 */
function readMap(worker) {
  try {
    return new SourceMap(JSON.parse(readFileSync(join(worker, 'index.js.map'), 'utf8')));
  } catch {
    return null;
  }
}
