import { useRef, useState } from 'hono/jsx/dom';
import { Icon } from '../icons';
import type { ToolData, ViewFacts } from '../tool-data';
import type { AccountGateway } from './account-gateway';
import { FaultNote } from './fault-note';
import { besides, focusBeside } from './focus-beside';
import { furnish } from './furnish';
import { GalleryCard } from './gallery-card';
import { isFiltered } from './gallery-filter';
import { FilterBar } from './gallery-filter-bar';
import type { StoredRecipe } from './gateway';
import { KeyField } from './key-field';
import { PickBar } from './pick-button';
import { PurgeDialog } from './purge-dialog';
import { useGallery } from './use-gallery';
import type { Holder } from './use-holder';
import { usePicks } from './use-picks';

type Work = ReturnType<typeof useGallery>;

function GalleryTool({ facts, developmentKey }: ToolData<ViewFacts>) {
  const work = useGallery(developmentKey);
  const { key, filter, change, listing, more } = work;
  return (
    <div class="tool gallery">
      <header class="tool-head">
        <h2 tabindex={-1}>What this account made</h2>
        <KeyField apiKey={key.apiKey} isDevelopment={key.isDevelopment} isAsked={work.isKeyAsked} set={key.setApiKey} />
      </header>
      <FilterBar filter={filter} facts={facts} change={change} />
      <Cards work={work} facts={facts} />
      {listing.fault === null ? null : <FaultNote words={listing.fault} retry={more} />}
      {listing.next !== null && listing.fault === null ? (
        <p class="more">
          <button type="button" class="button plain" onClick={more}>
            Show more
          </button>
        </p>
      ) : null}
    </div>
  );
}

function Cards({ work, facts }: { readonly work: Work; readonly facts: ViewFacts }) {
  const { gateway, holder, filter, listing, pins, drop } = work;
  const picks = usePicks();
  const [doomed, setDoomed] = useState<StoredRecipe | null>(null);
  const list = useRef<HTMLUListElement>(null);
  if (gateway === null) return <Empty title="Give a key, and its pictures are here." />;
  const shown = listing.tasks.filter(({ fingerprint }) => fingerprint.startsWith(filter.fingerprint));
  if (shown.length === 0) return <NoCards work={work} />;
  const purge = purgeOf(gateway, holder);
  const isPrivate = holder === null ? null : holder.visibility === 'private';
  return (
    <>
      <PickBar picks={picks} />
      <ul class="cards" aria-label="Pictures" ref={list}>
        {shown.map((task) => (
          <GalleryCard
            key={task.id}
            {...{ task, gateway, isPrivate, picks, pins }}
            purge={purge === null ? null : setDoomed}
          />
        ))}
      </ul>
      {doomed === null || purge === null ? null : (
        <PurgeDialog
          stored={doomed}
          purge={purge}
          squareMicros={facts.squareMicros}
          close={(isPurged) => {
            if (isPurged) {
              focusBeside(list.current, besides(shown, doomed.fingerprint));
              drop(doomed.fingerprint);
            }
            setDoomed(null);
          }}
        />
      )}
    </>
  );
}

/** How this key deletes: an administrator any picture, others those that their account bought; null: it may not. */
function purgeOf({ admin, own }: AccountGateway, holder: Holder | null) {
  if (holder === null || holder.key.kind !== 'live') return null;
  const { scopes } = holder.key;
  return scopes.includes('admin') ? admin.pictures.purge : scopes.includes('generate') ? own.purge : null;
}

/** Why there is nothing to see, and what to do about it. */
function NoCards({ work: { listing, filter } }: { readonly work: Work }) {
  if (listing.fault !== null) return null;
  if (listing.isAsking) return <LookingFrame />;
  if (filter.fingerprint !== '' && listing.next !== null)
    return <Empty title="Not among those that were looked through so far." />;
  return isFiltered(filter) ? (
    <Empty title="Nothing is like that." text="Take something out of the filter, or show all." />
  ) : (
    <Empty title="Nothing is made yet." text="The first picture that this account makes hangs here." isFirst />
  );
}

/** Words that come later would move these. */
function LookingFrame() {
  return (
    <div class="stage-frame">
      <p class="unseen" role="status">
        Looking…
      </p>
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly text?: string;
  readonly isFirst?: boolean;
}

function Empty({ title, text = '', isFirst = false }: EmptyProps) {
  return (
    <div class="stage-frame">
      <p class="lead" role="status">
        {title}
      </p>
      {text === '' ? null : <p class="aside">{text}</p>}
      {isFirst ? (
        <a class="button" href="/workbench">
          Make a picture
          <Icon name="arrow" />
        </a>
      ) : null}
    </div>
  );
}

furnish(GalleryTool);
