import { useRef } from 'hono/jsx/dom';
import { useEffect } from './use-effect';

/** For what appears at the end of something: on a narrow page its place may be out of sight. */
export function useInSight() {
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    // What it answers, a promise in newer browsers, is nothing to clean up with.
    element.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  return element;
}
