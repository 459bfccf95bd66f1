import { useState } from 'hono/jsx/dom';
import type { SiteFacts } from '../site-facts';
import { type Bench, benchOf, fragmentOf } from './bench-state';
import { readRecipe } from './gateway';
import { benchOfRecipe } from './stored-bench';
import { useEffect } from './use-effect';

/** A link to a stored picture, whose recipe is to be put on the bench. */
const fromPicture = /^#from=([0-9a-f]{64})$/;

/** The bench, which the address of the page describes at every moment. */
export function useBench({ limits }: SiteFacts) {
  const [bench, setBench] = useState(() => benchOf(location.hash, limits));
  const change = (part: Partial<Bench>) => setBench((before) => ({ ...before, ...part }));
  useEffect(() => {
    const follow = () => {
      const fingerprint = fromPicture.exec(location.hash)?.[1];
      if (fingerprint === undefined) return setBench(benchOf(location.hash, limits));
      void readRecipe(fingerprint).then((recipe) => {
        if (recipe !== null) setBench(benchOfRecipe(recipe));
      });
    };
    if (fromPicture.test(location.hash)) follow();
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    const isEmpty = bench.promptText === '';
    if (isEmpty && fromPicture.test(location.hash)) return;
    history.replaceState(null, '', isEmpty ? location.pathname : fragmentOf(bench));
  }, [bench]);
  return { bench, change };
}
