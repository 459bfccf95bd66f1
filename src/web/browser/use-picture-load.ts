import { useState } from 'hono/jsx/dom';
import { onceReachable } from './once-reachable';
import { useEffect } from './use-effect';

/** A picture that is there, and does not come through, is asked for so many times. */
const mostTurns = 5;

interface Load {
  readonly src: string;
  /** Which time it is that it is asked for. */
  readonly turn: number;
  /** `shown`: as far as anybody knows. */
  readonly kind: 'shown' | 'lost' | 'gone' | 'failed';
}

/** What is said in the place of a picture. */
export const loadWords: Readonly<Record<Exclude<Load['kind'], 'shown'>, string>> = {
  lost: 'Not loaded yet: tried again once the service answers.',
  gone: 'The picture is no longer there.',
  failed: 'The picture cannot be loaded.',
};

/** How the loading of a picture goes: lost on its way, it is loaded anew once the service answers again. */
export function usePictureLoad(src: string) {
  const [known, setKnown] = useState<Load>({ src, turn: 1, kind: 'shown' });
  const load: Load = known.src === src ? known : { src, turn: 1, kind: 'shown' };
  const { turn, kind } = load;
  useEffect(() => {
    const goOn = () => setKnown({ src, turn: turn + 1, kind: 'shown' });
    return kind === 'lost' ? onceReachable(goOn) : undefined;
  }, [src, turn, kind]);
  const fail = () => {
    setKnown({ ...load, kind: turn < mostTurns ? 'lost' : 'failed' });
    void isGone(src).then((gone) => {
      if (gone) setKnown((now) => (now.src === src && now.turn === turn ? { ...load, kind: 'gone' } : now));
    });
  };
  return { turn, kind, fail };
}

/** Whether the service says that there is none, or none for this URL any more: a picture that fails does not tell why. */
async function isGone(src: string): Promise<boolean> {
  const answer = await fetch(src, { method: 'HEAD', cache: 'no-store' }).catch(() => null);
  return answer !== null && [403, 404, 410].includes(answer.status);
}
