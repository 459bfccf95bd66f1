import { useMemo, useState } from 'hono/jsx/dom';
import type { SiteFacts } from '../site-facts';
import type { Bench } from './bench-state';
import { readPrompt } from './bench-state';
import { createGateway } from './gateway';
import { useNumberFields } from './number-fields';
import { fragmentOfSweep, type Sweep, sheetOf, sweepOf } from './sweep-state';
import { useEffect } from './use-effect';
import { useKey } from './use-key';
import { usePicks } from './use-picks';
import { useSweepQuotes } from './use-sweep-quotes';
import { useSweepRun } from './use-sweep-run';

/** All that the sweep knows at a moment, and all that can be done there. */
export function useSweep(facts: SiteFacts, developmentKey: string | null) {
  const { sweep, change } = usePlan(facts);
  const key = useKey(developmentKey);
  const gateway = useMemo(() => (key.apiKey === null ? null : createGateway(key.apiKey)), [key.apiKey]);
  const [version, setVersion] = useState(0);
  const sheet = sheetOf(sweep, facts);
  const places = sheet.kind === 'sheet' ? sheet.places : [];
  const quotes = useSweepQuotes(gateway, places, version);
  const { run, start, cancel } = useSweepRun(gateway, () => setVersion((before) => before + 1));
  const isRefused = quotes?.some((quote) => quote.kind === 'refused' && quote.words.isAboutKey) ?? false;
  const { isWrong, mark } = useNumberFields();
  const planned = sheet.kind === 'obstacle' ? sheet.message : isWrong ? 'A number needs a look.' : '';
  const obstacle = key.apiKey === null ? 'Give a key to begin.' : planned;
  return {
    ...{ sweep, change, mark, key, gateway, places, quotes, run, cancel, obstacle },
    changeBench: (part: Partial<Bench>) => change({ bench: { ...sweep.bench, ...part } }),
    read: readPrompt(sweep.bench, facts.limits),
    picks: usePicks(),
    isKeyAsked: key.apiKey === null || isRefused,
    start: () => void start(places, sweep.budgetMicros),
  };
}

/** The plan, which the address of the page describes at every moment. */
function usePlan(facts: SiteFacts) {
  const [sweep, setSweep] = useState(() => sweepOf(location.hash, facts));
  const change = (part: Partial<Sweep>) => setSweep((before) => ({ ...before, ...part }));
  useEffect(() => {
    const follow = () => setSweep(sweepOf(location.hash, facts));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    const isEmpty = sweep.bench.promptText === '';
    history.replaceState(null, '', isEmpty ? location.pathname : fragmentOfSweep(sweep));
  }, [sweep]);
  return { sweep, change };
}
