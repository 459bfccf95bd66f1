import { useState } from 'hono/jsx/dom';
import { FluxgateError } from '../../client/fluxgate-error';
import type { SiteFacts } from '../site-facts';
import { publicRecipe, recipeAt } from './account-gateway';
import { type Bench, benchOf, fragmentOf } from './bench-state';
import { doneSurely, type Patience } from './done-surely';
import { faultWords } from './fault-words';
import { benchOfRecipe } from './stored-bench';
import { useEffect } from './use-effect';

/** A link to a stored picture, whose recipe is to be put on the bench. */
const fromPicture = /^#from=(.*)$/;

/** What changes on the bench; what depends on what is there, as a function of it. */
export type BenchChange = Partial<Bench> | ((before: Bench) => Partial<Bench>);

export const changed = (before: Bench, change: BenchChange): Bench => ({
  ...before,
  ...(typeof change === 'function' ? change(before) : change),
});

/** The bench, which the address of the page describes at every moment. */
export function useBench({ limits }: SiteFacts) {
  const [bench, setBench] = useState(() => benchOf(location.hash, limits));
  /** Whether it was opened for a picture, and nothing was changed since: there is, or will be, a prompt. */
  const [isOfPicture, setIsOfPicture] = useState(() => fromPicture.test(location.hash));
  /** Why the picture that the address names is not there; empty where it is, or none is named. */
  const [missing, setMissing] = useState('');
  const change = (part: BenchChange) => {
    setIsOfPicture(false);
    setMissing('');
    setBench((before) => changed(before, part));
  };
  useEffect(() => {
    let waiting = new AbortController();
    const follow = () => {
      waiting.abort();
      waiting = new AbortController();
      setMissing('');
      const { hash } = location;
      const fingerprint = fromPicture.exec(hash)?.[1];
      setIsOfPicture(fingerprint !== undefined);
      if (fingerprint === undefined) return setBench(benchOf(hash, limits));
      const onLost = (thrown: unknown) => setMissing(faultWords(thrown).text);
      const { signal } = waiting;
      void benchOfStored(fingerprint, { signal, onLost }).then((stored) => {
        if (location.hash !== hash) return;
        if (typeof stored === 'string') setMissing(stored);
        else setBench(stored);
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
  return { bench, change, isOfPicture, missing };
}

/** The bench of a stored picture; or why there is none. */
async function benchOfStored(fingerprint: string, patience: Patience): Promise<Bench | string> {
  const missing = `No such picture is stored here (any more), or it is private: ${fingerprint.slice(0, 16)}`;
  if (!/^[0-9a-f]{64}$/.test(fingerprint)) return missing;
  return await doneSurely(() => recipeAt(publicRecipe(fingerprint)), patience).then(benchOfRecipe, (thrown) =>
    thrown instanceof FluxgateError && thrown.status === 404 ? missing : faultWords(thrown).text,
  );
}
