import { useMemo, useState } from 'hono/jsx/dom';
import { createAccountGateway } from './account-gateway';
import { findPicture, type Side } from './compared-picture';
import { useEffect } from './use-effect';
import { useKey } from './use-key';
import { useOnline } from './use-online';

export interface Compared {
  readonly a: string;
  readonly b: string;
}

/** What is compared, which the address of the page names, and what was found of it. */
export function useCompare(developmentKey: string | null) {
  const key = useKey(developmentKey);
  const gateway = useMemo(() => (key.apiKey === null ? null : createAccountGateway(key.apiKey)), [key.apiKey]);
  const [texts, setTexts] = useState(comparedIn(location.hash));
  useEffect(() => {
    const follow = () => setTexts(comparedIn(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const change = (part: Partial<Compared>) => {
    const next = { ...texts, ...part };
    setTexts(next);
    history.replaceState(null, '', next.a + next.b === '' ? location.pathname : `#${new URLSearchParams({ ...next })}`);
  };
  const find = (text: string) => findPicture(text, gateway);
  return { key, texts, change, a: useSide(texts.a, find, key.apiKey), b: useSide(texts.b, find, key.apiKey) };
}

function useSide(text: string, find: (text: string) => Promise<Side>, apiKey: string | null): Side {
  const [side, setSide] = useState<Side>({ kind: text === '' ? 'empty' : 'asking' });
  const online = useOnline(side.kind === 'wrong' ? side.words : null);
  useEffect(() => {
    let isLate = false;
    setSide({ kind: text.trim() === '' ? 'empty' : 'asking' });
    void find(text).then((found) => {
      if (!isLate) setSide(found);
    });
    return () => {
      isLate = true;
    };
  }, [text, apiKey, online]);
  return side;
}

function comparedIn(fragment: string): Compared {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  return { a: query.get('a') ?? '', b: query.get('b') ?? '' };
}
