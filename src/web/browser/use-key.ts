import { useState } from 'hono/jsx/dom';
import { storedKey, storeKey } from './key-store';

/** The key that a page works with. */
export interface HeldKey {
  /** null: there is none yet. */
  readonly apiKey: string | null;
  readonly isDevelopment: boolean;
  readonly setApiKey: (key: string) => void;
}

/** The tab's own key, or the one of the machine where the page was given it. */
export function useKey(developmentKey: string | null): HeldKey {
  const [apiKey, setKey] = useState(storedKey() ?? developmentKey);
  const setApiKey = (key: string) => {
    storeKey(key);
    setKey(key === '' ? developmentKey : key);
  };
  return { apiKey, isDevelopment: apiKey !== null && apiKey === developmentKey, setApiKey };
}
