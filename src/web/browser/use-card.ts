import { useState } from 'hono/jsx/dom';
import { FluxgateError } from '../../client/fluxgate-error';
import { snakeCased } from '../../client/letter-case';
import { type AccountGateway, type ListedOwnTask, publicRecipe, recipeAt } from './account-gateway';
import { type FaultWords, faultWords } from './fault-words';
import type { Recipe, StoredRecipe } from './gateway';
import { outcomeWords } from './outcome-words';
import { useEffect } from './use-effect';
import { useOnline } from './use-online';

/** What a card tells of its task beyond the list. */
export type CardFacts =
  | { readonly kind: 'asking' }
  | { readonly kind: 'picture'; readonly stored: StoredRecipe }
  /** `recipe` is what was asked for; null: nobody remembers it any more. */
  | { readonly kind: 'none'; readonly words: CardWords; readonly recipe: Recipe | null };
type CardWords = Pick<FaultWords, 'title' | 'text'>;

/** The recipe of a ready task; of one that failed, why. `isPrivate` is null until it is known. */
export function useCard(gateway: AccountGateway, task: ListedOwnTask, isPrivate: boolean | null): CardFacts {
  const [facts, setFacts] = useState<CardFacts>({ kind: 'asking' });
  const [fault, setFault] = useState<FaultWords | null>(null);
  const online = useOnline(fault);
  useEffect(() => {
    if (isPrivate === null || task.status === 'queued' || task.status === 'rendering') return;
    let isLate = false;
    void readCard(gateway, task, isPrivate)
      .catch((thrown): CardFacts => {
        if (isGone(thrown)) return { kind: 'none', words: goneWords(task), recipe: null };
        const words = faultWords(thrown);
        if (!isLate) setFault(words);
        return { kind: 'none', words, recipe: null };
      })
      .then((found) => !isLate && setFacts(found));
    return () => {
      isLate = true;
    };
  }, [task.id, isPrivate, online]);
  return facts;
}

const isGone = (thrown: unknown) => thrown instanceof FluxgateError && thrown.status === 404;

/** The ledger still knows of it; why it ended is remembered for a day. */
function goneWords({ id, status, outcome }: ListedOwnTask): CardWords {
  if (status === 'ready')
    return { title: 'No longer stored', text: 'It was deleted. Ordered again, it is made again.' };
  const text = `${sentence(outcomeWords(outcome ?? status))} What was asked for is known for a day. Task ${id.slice(0, 12)}…`;
  return { title: endOf(status), text };
}

const sentence = (words: string) => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
const endOf = (status: ListedOwnTask['status']) => (status === 'cancelled' ? 'Cancelled' : 'No picture came of it');

async function readCard(gateway: AccountGateway, task: ListedOwnTask, isPrivate: boolean): Promise<CardFacts> {
  if (task.status === 'ready' && !isPrivate)
    return { kind: 'picture', stored: await recipeAt(publicRecipe(task.fingerprint)) };
  const { urls, error, recipe } = await gateway.task(task.id);
  if (task.status === 'ready' && urls.recipe !== null) return { kind: 'picture', stored: await recipeAt(urls.recipe) };
  const words = { title: endOf(task.status), text: error?.message ?? '' };
  return { kind: 'none', words, recipe: recipe === undefined ? null : (snakeCased(recipe) as unknown as Recipe) };
}
