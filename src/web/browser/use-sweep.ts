import { useMemo, useState } from 'hono/jsx/dom';
import type { SiteFacts } from '../site-facts';
import { readPrompt } from './bench-state';
import { createGateway } from './gateway';
import { useNumberFields } from './number-fields';
import { fragmentOfSweep, type Sweep, sheetOf, sweepOf } from './sweep-state';
import { type BenchChange, changed } from './use-bench';
import { useEffect } from './use-effect';
import { useKey } from './use-key';
import { usePicks } from './use-picks';
import { useReferences } from './use-references';
import { useSweepQuotes } from './use-sweep-quotes';
import { useSweepRun } from './use-sweep-run';

/** All that the sweep knows at a moment, and all that can be done there. */
export function useSweep(facts: SiteFacts, developmentKey: string | null) {
  const { sweep, change, changeBench } = usePlan(facts);
  const key = useKey(developmentKey);
  const gateway = useMemo(() => (key.apiKey === null ? null : createGateway(key.apiKey)), [key.apiKey]);
  const [version, setVersion] = useState(0);
  const sheet = sheetOf(sweep, facts);
  const places = sheet.kind === 'sheet' ? sheet.places : [];
  const quotes = useSweepQuotes(gateway, places, version);
  const { run, start, cancel } = useSweepRun(gateway, () => setVersion((before) => before + 1));
  const refusals = (quotes ?? []).flatMap((quote) => (quote.kind === 'refused' ? [quote.words] : []));
  const keyRefusal = refusals.find(({ isAboutKey }) => isAboutKey);
  const { isWrong, mark } = useNumberFields();
  const held = useReferences({
    ...{ references: sweep.bench.references, most: facts.limits.references, gateway },
    change: (update) => changeBench((before) => ({ references: update(before.references) })),
  });
  const awaited = held.isKeeping ? 'A reference is still being kept.' : isWrong ? 'A number needs a look.' : '';
  const planned = sheet.kind === 'obstacle' ? sheet.message : awaited;
  const obstacle = key.apiKey === null ? 'Give a key to begin.' : planned;
  return {
    ...{ sweep, change, changeBench, mark, key, places, quotes, run, cancel, obstacle, held },
    read: readPrompt(sweep.bench, facts.limits),
    picks: usePicks(),
    isKeyAsked: key.apiKey === null || keyRefusal !== undefined,
    keyLacks: keyRefusal?.keyLacks,
    start: () => void start(places, sweep.budgetMicros),
  };
}

/** The plan, which the address of the page describes at every moment. */
function usePlan(facts: SiteFacts) {
  const [sweep, setSweep] = useState(() => sweepOf(location.hash, facts));
  const change = (part: Partial<Sweep>) => setSweep((before) => ({ ...before, ...part }));
  const changeBench = (part: BenchChange) => setSweep((before) => ({ ...before, bench: changed(before.bench, part) }));
  useEffect(() => {
    const follow = () => setSweep(sweepOf(location.hash, facts));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    const isEmpty = sweep.bench.promptText === '';
    history.replaceState(null, '', isEmpty ? location.pathname : fragmentOfSweep(sweep));
  }, [sweep]);
  return { sweep, change, changeBench };
}
