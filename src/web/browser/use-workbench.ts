import { useMemo, useState } from 'hono/jsx/dom';
import { composeRequest } from '../samples/compose-request';
import type { PictureSettings } from '../samples/picture-settings';
import type { JsonObject, SiteFacts } from '../site-facts';
import { drawSeed, type ReadPrompt, readPrompt, settingsOf } from './bench-state';
import { createGateway } from './gateway';
import { storedKey, storeKey } from './key-store';
import { useBench } from './use-bench';
import { useMaking } from './use-making';
import { useQuote } from './use-quote';

/** Where one looks: at the picture, or at its request. */
export type Tab = 'picture' | 'api';

/** All that the workbench knows at a moment, and all that can be done there. */
export function useWorkbench(facts: SiteFacts, developmentKey: string | null) {
  const { bench, change } = useBench(facts);
  const { apiKey, setApiKey, gateway } = useKey(developmentKey);
  const [tab, setTab] = useState<Tab>('picture');
  const [version, setVersion] = useState(0);
  const read = readPrompt(bench, facts.limits);
  const isTooLarge = bench.width * bench.height > facts.limits.areaPixels;
  const picture = read.kind === 'prompt' && !isTooLarge ? settingsOf(bench, read.prompt) : null;
  const body = picture === null ? null : orderBody(facts, picture);
  const { making, start, cancel } = useMaking(gateway, () => setVersion((before) => before + 1));
  const isMade = making.kind === 'made' && JSON.stringify(making.body) === JSON.stringify(body);
  // What the button makes: this picture, or another one once this one is there.
  const isAnother = isMade && !bench.isSeedLocked;
  const nextSeed = useMemo(drawSeed, [making]);
  const next = picture !== null && isAnother ? { ...picture, seed: nextSeed } : picture;
  const nextBody = next === null ? null : orderBody(facts, next);
  const quote = useQuote(gateway, nextBody, version);
  const make = () => {
    if (next === null || nextBody === null) return;
    setTab('picture');
    if (isAnother) change({ seed: next.seed });
    void start(nextBody);
  };
  const isKeyRefused = [quote, making].some((state) => 'words' in state && state.words.isAboutKey);
  return {
    ...{
      bench,
      change,
      read,
      picture,
      quote,
      making,
      make,
      cancel,
      isAnother,
      tab,
      setTab,
      gateway,
      apiKey,
      setApiKey,
    },
    isKeyAsked: apiKey === null || isKeyRefused,
    obstacle: apiKey === null ? 'Give a key to begin.' : obstacleOf(read, isTooLarge),
  };
}

/** The tab's own key, or the one of the machine where the page was given it. */
function useKey(developmentKey: string | null) {
  const [apiKey, setKey] = useState(storedKey() ?? developmentKey);
  const gateway = useMemo(() => (apiKey === null ? null : createGateway(apiKey)), [apiKey]);
  const setApiKey = (key: string) => {
    storeKey(key);
    setKey(key === '' ? developmentKey : key);
  };
  return { apiKey, setApiKey, gateway };
}

/** The dialect that has words for every picture. */
function orderBody({ recipes }: SiteFacts, picture: PictureSettings): JsonObject {
  const own = recipes.filter(({ dialect }) => dialect === 'openai');
  const composed = composeRequest(own, picture);
  if (composed.kind === 'impossible') throw new Error(composed.reasons.join('; '));
  return composed.body;
}

/** Why nothing can be made; empty where it can. */
function obstacleOf(read: ReadPrompt, isTooLarge: boolean): string {
  if (read.kind === 'empty') return 'Write a prompt, or take an example.';
  if (read.kind === 'wrong') return 'The prompt needs a look.';
  return isTooLarge ? 'The size needs a look.' : '';
}
