import { useMemo, useState } from 'hono/jsx/dom';
import type { Page } from '../../client/page';
import type { Balance, ListedKey, Usage } from '../../client/reports';
import { type AccountGateway, createAccountGateway } from './account-gateway';
import { type DayRange, fragmentOfRange, rangeOf, rangeQuery } from './dashboard-range';
import { type FaultWords, faultWords } from './fault-words';
import { useEffect } from './use-effect';
import { useHolder } from './use-holder';
import { useKey } from './use-key';
import { useOnline } from './use-online';

const mostKeys = 200;

/** The reports of a range, told apart in different ways. */
export interface Reports {
  readonly byDay: Usage;
  readonly byProvider: Usage;
  readonly byDialect: Usage;
  readonly byOutcome: Usage;
  readonly byKey: Usage;
  /** null: it is another account's, whose balance stands among the accounts. */
  readonly balance: Balance | null;
  /** null: another account's, or the key may not know. */
  readonly keys: Page<ListedKey> | null;
}
export type Loaded =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'asking'; readonly last: Reports | null }
  | { readonly kind: 'loaded'; readonly reports: Reports }
  | { readonly kind: 'failed'; readonly words: FaultWords };

export function useDashboard(developmentKey: string | null) {
  const key = useKey(developmentKey);
  const gateway = useMemo(() => (key.apiKey === null ? null : createAccountGateway(key.apiKey)), [key.apiKey]);
  const [version, setVersion] = useState(0);
  const { holder, fault } = useHolder(gateway, version);
  const isRefused = fault?.isAboutKey ?? false;
  const token = useToken(isRefused ? gateway : null, version);
  const isAdmin = holder?.key.scopes.includes('admin') ?? token.isToken === true;
  const { range, change } = useRange();
  /** null: the key's own account. */
  const [account, setAccount] = useState<string | null>(null);
  // The operator's token has no account of its own.
  const asked = account ?? (isAdmin && fault !== null ? '*' : null);
  const isReady = holder !== null || isAdmin;
  const isSecret = holder?.key.kind === 'live';
  const loaded = useReports(isReady ? gateway : null, { range, account: asked, isSecret, version });
  return {
    ...{ key, gateway, holder, isAdmin, isReady, range, change, loaded, setAccount },
    account: asked,
    /** The latest that are known, while others are asked for. */
    reports: loaded.kind === 'loaded' ? loaded.reports : loaded.kind === 'asking' ? loaded.last : null,
    fault: isRefused && token.isToken !== false ? token.fault : fault,
    reload: () => setVersion((before) => before + 1),
    isKeyAsked: key.apiKey === null || (isRefused && token.isToken === false),
  };
}

interface Tried {
  /** null: that is not known yet. */
  readonly isToken: boolean | null;
  /** Why it cannot be known right now. */
  readonly fault: FaultWords | null;
}
const untried: Tried = { isToken: null, fault: null };

/** Whether what is no key is the operator's token, which has no scopes: it is tried. */
function useToken(gateway: AccountGateway | null, version: number): Tried {
  const [tried, setTried] = useState<Tried>(untried);
  const online = useOnline(tried.fault);
  useEffect(() => setTried(untried), [gateway]);
  useEffect(() => {
    if (gateway === null) return;
    let isLate = false;
    const take = (next: Tried) => !isLate && setTried(next);
    void gateway.admin.accounts.list({ limit: 1 }).then(
      () => take({ isToken: true, fault: null }),
      (thrown) => take(refusal(faultWords(thrown))),
    );
    return () => {
      isLate = true;
    };
  }, [gateway, version, online]);
  return tried;
}

/** Who is not heard is not refused. */
function refusal(fault: FaultWords): Tried {
  return fault.isConnectionLost ? { isToken: null, fault } : { isToken: false, fault: null };
}

function useRange() {
  const [range, setRange] = useState(() => rangeOf(location.hash));
  useEffect(() => {
    const follow = () => setRange(rangeOf(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const change = (next: DayRange) => {
    setRange(next);
    history.replaceState(null, '', fragmentOfRange(next));
  };
  return { range, change };
}

interface Asked {
  readonly range: DayRange;
  readonly account: string | null;
  /** Whether the key is none of a web page's. */
  readonly isSecret: boolean;
  readonly version: number;
}

function useReports(gateway: AccountGateway | null, { range, account, isSecret, version }: Asked): Loaded {
  const [loaded, setLoaded] = useState<Loaded>({ kind: 'nothing' });
  const online = useOnline(loaded.kind === 'failed' ? loaded.words : null);
  useEffect(() => {
    if (gateway === null) return setLoaded({ kind: 'nothing' });
    let isLate = false;
    setLoaded((before) => ({ kind: 'asking', last: before.kind === 'loaded' ? before.reports : null }));
    void readReports(gateway, { range, account, isSecret })
      .then(
        (reports): Loaded => ({ kind: 'loaded', reports }),
        (thrown): Loaded => ({ kind: 'failed', words: faultWords(thrown) }),
      )
      .then((next) => !isLate && setLoaded(next));
    return () => {
      isLate = true;
    };
  }, [gateway, fragmentOfRange(range), account, isSecret, version, online]);
  return loaded;
}

async function readReports(gateway: AccountGateway, asked: Omit<Asked, 'version'>): Promise<Reports> {
  const { range, account, isSecret } = asked;
  const query = { ...rangeQuery(range), ...(account === null ? {} : { account }) };
  const [byDay, byProvider, byDialect, byOutcome, byKey, balance, keys] = await Promise.all([
    gateway.usage({ ...query, group: 'day', latency: 'day' }),
    gateway.usage({ ...query, group: 'provider' }),
    gateway.usage({ ...query, group: 'dialect' }),
    gateway.usage({ ...query, group: 'outcome' }),
    gateway.usage({ ...query, group: 'key' }),
    account === null ? gateway.balance() : null,
    account === null && isSecret ? gateway.own.keys({ limit: mostKeys }) : null,
  ]);
  return { byDay, byProvider, byDialect, byOutcome, byKey, balance, keys };
}
