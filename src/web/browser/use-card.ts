import { useEffect, useState } from 'hono/jsx/dom';
import { FluxgateError } from '../../client/fluxgate-error';
import { type AccountGateway, type ListedOwnTask, publicRecipe, recipeAt } from './account-gateway';
import { type FaultWords, faultWords } from './fault-words';
import type { StoredRecipe } from './gateway';

/** What a card tells of its task beyond the list. */
export type CardFacts =
  | { readonly kind: 'asking' }
  | { readonly kind: 'picture'; readonly stored: StoredRecipe }
  | { readonly kind: 'none'; readonly words: FaultWords };

/** The recipe of a ready task; of one that failed, why. `isPrivate` is null until it is known. */
export function useCard(gateway: AccountGateway, task: ListedOwnTask, isPrivate: boolean | null): CardFacts {
  const [facts, setFacts] = useState<CardFacts>({ kind: 'asking' });
  useEffect(() => {
    if (isPrivate === null || task.status === 'queued' || task.status === 'rendering') return;
    let isLate = false;
    void readCard(gateway, task, isPrivate)
      .catch((thrown): CardFacts => ({ kind: 'none', words: isGone(thrown) ? gone : faultWords(thrown) }))
      .then((found) => !isLate && setFacts(found));
    return () => {
      isLate = true;
    };
  }, [task.id, isPrivate]);
  return facts;
}

const isGone = (thrown: unknown) => thrown instanceof FluxgateError && thrown.status === 404;
/** The ledger still knows of it. */
const gone: FaultWords = {
  title: 'No longer stored',
  text: 'It was deleted. Ordered again, it is made again.',
  isAboutKey: false,
  isRetryable: false,
};

async function readCard(gateway: AccountGateway, task: ListedOwnTask, isPrivate: boolean): Promise<CardFacts> {
  if (task.status === 'ready' && !isPrivate)
    return { kind: 'picture', stored: await recipeAt(publicRecipe(task.fingerprint)) };
  const { urls, error } = await gateway.task(task.id);
  if (task.status === 'ready' && urls.recipe !== null) return { kind: 'picture', stored: await recipeAt(urls.recipe) };
  const title = task.status === 'cancelled' ? 'Cancelled' : 'No picture came of it';
  return { kind: 'none', words: { title, text: error?.message ?? '', isAboutKey: false, isRetryable: false } };
}
