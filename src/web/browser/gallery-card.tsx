import { Icon } from '../icons';
import { dollars } from '../money';
import type { AccountGateway, ListedOwnTask } from './account-gateway';
import { fragmentOf } from './bench-state';
import { DeedFault } from './deed-fault';
import type { Recipe, StoredRecipe } from './gateway';
import { PickButton } from './pick-button';
import { benchOfRecipe } from './stored-bench';
import { Thumb, thumbUrl } from './thumb';
import { type CardFacts, useCard } from './use-card';
import { useDeed } from './use-deed';
import type { Pins } from './use-gallery';
import type { Picks } from './use-picks';

export interface GalleryCardProps {
  readonly task: ListedOwnTask;
  readonly gateway: AccountGateway;
  /** Whether the account's pictures are its own; null until that is known. */
  readonly isPrivate: boolean | null;
  readonly picks: Picks;
  readonly pins: Pins;
  /** null where the key may not purge. */
  readonly purge: ((stored: StoredRecipe) => void) | null;
}

/** A task: its picture and what was asked for, or why there is none. */
export function GalleryCard(props: GalleryCardProps) {
  const { task, gateway, isPrivate } = props;
  const facts = useCard(gateway, task, isPrivate);
  const recipe = facts.kind === 'picture' ? facts.stored.recipe : facts.kind === 'none' ? facts.recipe : null;
  return (
    <li class="card">
      <CardPicture task={task} facts={facts} />
      <p class="card-prompt" dir="auto">
        {recipe === null ? '' : promptOf({ recipe })}
      </p>
      <p class="hint card-facts">
        {timeOf(task)} · {task.provider ?? 'no vendor yet'} · {task.dialect} · {dollars(task.spentMicros)}
      </p>
      <div class="card-actions">
        {facts.kind === 'picture' ? <CardActions {...props} stored={facts.stored} /> : null}
        {facts.kind === 'none' && recipe !== null ? <a href={workbenchOf(recipe)}>Open in the workbench</a> : null}
      </div>
    </li>
  );
}

function CardPicture({ task, facts }: { readonly task: ListedOwnTask; readonly facts: CardFacts }) {
  if (facts.kind === 'picture') {
    const { stored } = facts;
    const { thumbhash, color } = stored.placeholder;
    const { width, height } = stored.recipe;
    return (
      <a class="cell made" href={workbenchOf(stored.recipe)} title="Open in the workbench">
        <Thumb
          src={thumbUrl(stored.urls.webp, task.fingerprint)}
          alt={promptOf(stored)}
          {...{ width, height, thumbhash, color }}
        />
      </a>
    );
  }
  return (
    <div class={`cell ${task.status}`}>
      {facts.kind === 'none' ? (
        <p>
          <strong class="wrong">{facts.words.title}.</strong> <span class="cell-text">{facts.words.text}</span>
        </p>
      ) : (
        <p class="hint">{task.endedAt === null ? task.status : ''}</p>
      )}
    </div>
  );
}

function CardActions({ task, stored, picks, pins, purge }: GalleryCardProps & { readonly stored: StoredRecipe }) {
  const deed = useDeed();
  const { fingerprint } = task;
  const of = promptOf(stored).slice(0, 60);
  const isPinned = pins.pinned?.has(fingerprint) ?? false;
  return (
    <>
      <PickButton picks={picks} fingerprint={fingerprint} of={of} />
      {pins.mayPin ? (
        <button
          type="button"
          class="quiet icon-only"
          title={isPinned ? 'Kept for ever: press to keep it no longer' : 'Keep it for ever, whatever the retention'}
          aria-label={`Keep: ${of}`}
          aria-pressed={isPinned ? 'true' : 'false'}
          disabled={pins.pinned === null}
          onClick={() => deed.surely(() => pins.toggle(fingerprint))}
        >
          <Icon name="pin" />
        </button>
      ) : null}
      {purge === null ? null : (
        <button
          type="button"
          class="quiet icon-only"
          title="Delete for good"
          aria-label={`Delete: ${of}`}
          onClick={() => purge(stored)}
        >
          <Icon name="trash" />
        </button>
      )}
      <code title={fingerprint}>{fingerprint.slice(0, 8)}</code>
      <DeedFault deed={deed} />
    </>
  );
}

export function promptOf({ recipe }: Pick<StoredRecipe, 'recipe'>): string {
  return typeof recipe.prompt === 'string' ? recipe.prompt : JSON.stringify(recipe.prompt);
}

const workbenchOf = (recipe: Recipe) => `/workbench${fragmentOf(benchOfRecipe({ recipe }))}`;

const timeOf = ({ endedAt, createdAt }: ListedOwnTask) => (endedAt ?? createdAt).replace('T', ' ').slice(0, 16);
