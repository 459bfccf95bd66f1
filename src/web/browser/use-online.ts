import { useEffect, useState } from 'hono/jsx/dom';

/** Changes whenever the browser is online again, so that what depends on it is asked once more. */
export function useOnline(): number {
  const [returns, setReturns] = useState(0);
  useEffect(() => {
    const count = () => setReturns((before) => before + 1);
    addEventListener('online', count);
    return () => removeEventListener('online', count);
  }, []);
  return returns;
}
