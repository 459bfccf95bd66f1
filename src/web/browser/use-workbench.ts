import { useMemo, useRef, useState } from 'hono/jsx/dom';
import type { PictureSettings } from '../samples/picture-settings';
import type { SiteFacts } from '../site-facts';
import { drawSeed, type ReadPrompt, readPrompt, settingsOf } from './bench-state';
import type { FaultWords } from './fault-words';
import { createGateway, type Gateway } from './gateway';
import { useNumberFields } from './number-fields';
import { orderBody } from './order-body';
import type { ShownPrice } from './risen-price';
import { useBench } from './use-bench';
import { useKey } from './use-key';
import { useMaking } from './use-making';
import { shownQuote, useQuote } from './use-quote';
import { useReferences } from './use-references';

/** Where one looks: at the picture, or at its request. */
export type Tab = 'picture' | 'api';

/** All that the workbench knows at a moment, and all that can be done there. */
export function useWorkbench(facts: SiteFacts, developmentKey: string | null) {
  const { bench, change, isOfPicture, missing } = useBench(facts);
  const { apiKey, isDevelopment, setApiKey } = useKey(developmentKey);
  const gateway = useMemo(() => (apiKey === null ? null : createGateway(apiKey)), [apiKey]);
  const [tab, setTab] = useState<Tab>('picture');
  const held = useReferences({
    ...{ references: bench.references, most: facts.limits.references, gateway },
    change: (update) => change((before) => ({ references: update(before.references) })),
  });
  const read = readPrompt(bench, facts.limits);
  const isTooLarge = bench.width * bench.height > facts.limits.areaPixels;
  const { isWrong, mark } = useNumberFields();
  const picture = read.kind === 'prompt' && !isTooLarge && !isWrong ? settingsOf(bench, read.prompt) : null;
  const ordering = useOrdering(facts, { gateway, picture, isSeedLocked: bench.isSeedLocked });
  const { isKeeping } = held;
  const invitation = isOfPicture ? missing && 'Write a prompt.' : 'Write a prompt, or take an example.';
  const standing = { read, invitation, isTooLarge, isWrong, isKeeping };
  const obstacle = apiKey === null ? 'Give a key to begin.' : obstacleOf(standing);
  const make = () => {
    if (obstacle !== '' || ordering.making.kind === 'under way') return;
    setTab('picture');
    const seed = ordering.order();
    if (seed !== null) change({ seed });
  };
  const keyRefusal = keyRefusalOf(ordering);
  return {
    ...{ bench, change, mark, read, picture, make, obstacle, isOfPicture, missing, held, tab, setTab },
    ...{ apiKey, isDevelopment, setApiKey },
    ...ordering,
    isKeyAsked: apiKey === null || keyRefusal !== undefined,
    keyLacks: keyRefusal?.keyLacks,
  };
}

/** What was refused because of the key. */
function keyRefusalOf(states: Pick<ReturnType<typeof useOrdering>, 'quote' | 'making'>): FaultWords | undefined {
  const refusals = [states.quote, states.making].flatMap((state) => ('words' in state ? [state.words] : []));
  return refusals.find(({ isAboutKey }) => isAboutKey);
}

interface Ordered {
  readonly gateway: Gateway | null;
  readonly picture: PictureSettings | null;
  readonly isSeedLocked: boolean;
}

/** What the button makes, and for how much: the picture on the bench, or another one once that is there. */
function useOrdering(facts: SiteFacts, { gateway, picture, isSeedLocked }: Ordered) {
  const [version, setVersion] = useState(0);
  const { making, start, cancel } = useMaking(gateway, () => setVersion((before) => before + 1));
  const body = picture === null ? null : orderBody(facts, picture);
  const isMade = making.kind === 'made' && JSON.stringify(making.body) === JSON.stringify(body);
  const isAnother = isMade && !isSeedLocked;
  const nextSeed = useMemo(drawSeed, [making]);
  const next = picture !== null && isAnother ? { ...picture, seed: nextSeed } : picture;
  const nextBody = next === null ? null : orderBody(facts, next);
  const quote = useQuote(gateway, nextBody, version);
  const shown = shownQuote(quote);
  const shownMicros = useLatestPrice([shown, making.kind === 'failed' ? (making.risen ?? null) : null]);
  /** @returns the seed of what is made now; null where there is nothing to make */
  const order = () => {
    if (next === null || nextBody === null) return null;
    void start({ body: nextBody, shownMicros, isOwn: shown !== null });
    return next.seed;
  };
  return { quote, making, cancel, isAnother, order };
}

/** Of prices that are shown and give way, the one that came last; null where none came yet. */
function useLatestPrice(prices: readonly (ShownPrice | null)[]): number | null {
  const known = useRef<{ readonly prices: typeof prices; readonly micros: number | null } | null>(null);
  const came = prices.find((price, index) => price !== null && price !== known.current?.prices[index]);
  known.current = { prices, micros: came?.micros ?? known.current?.micros ?? null };
  return known.current.micros;
}

interface Standing {
  readonly read: ReadPrompt;
  /** What is said where there is no prompt; empty where one is about to come. */
  readonly invitation: string;
  readonly isTooLarge: boolean;
  readonly isWrong: boolean;
  readonly isKeeping: boolean;
}

/** Why nothing can be made; empty where it can. */
function obstacleOf({ read, invitation, isTooLarge, isWrong, isKeeping }: Standing): string {
  if (read.kind === 'empty') return invitation || '…';
  if (read.kind === 'wrong') return 'The prompt needs a look.';
  if (isTooLarge) return 'The size needs a look.';
  if (isKeeping) return 'A reference is still being kept.';
  return isWrong ? 'A number needs a look.' : '';
}
