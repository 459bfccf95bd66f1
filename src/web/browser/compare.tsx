import { Icon } from '../icons';
import type { ToolData, ViewFacts } from '../tool-data';
import { fragmentOf } from './bench-state';
import { CompareView } from './compare-view';
import { fingerprintIn, type Side } from './compared-picture';
import { furnish } from './furnish';
import { KeyField } from './key-field';
import { RecipeTable } from './recipe-table';
import { benchOfRecipe } from './stored-bench';
import { useCompare } from './use-compare';

function CompareTool({ developmentKey }: ToolData<ViewFacts>) {
  const { key, texts, change, a, b } = useCompare(developmentKey);
  const isFound = a.kind === 'found' && b.kind === 'found';
  return (
    <div class="tool compare">
      <header class="tool-head">
        <h2>Compare two pictures</h2>
        <KeyField apiKey={key.apiKey} isDevelopment={key.isDevelopment} isAsked={false} set={key.setApiKey} />
      </header>
      <div class="sides">
        <SideField name="A" text={texts.a} side={a} set={(text) => change({ a: text })} />
        <button
          type="button"
          class="quiet"
          aria-label="Swap A and B"
          onClick={() => change({ a: texts.b, b: texts.a })}
        >
          ⇄
        </button>
        <SideField name="B" text={texts.b} side={b} set={(text) => change({ b: text })} />
      </div>
      {isFound ? <CompareView a={a} b={b} /> : <Missing a={a} b={b} />}
      {isFound && a.stored !== null && b.stored !== null ? <RecipeTable a={a.stored} b={b.stored} /> : null}
      {isFound && (a.stored === null || b.stored === null) ? (
        <p class="note">A link alone tells no recipe. Give the picture's fingerprint to see what differs.</p>
      ) : null}
    </div>
  );
}

interface SideFieldProps {
  readonly name: 'A' | 'B';
  readonly text: string;
  readonly side: Side;
  readonly set: (text: string) => void;
}

/** What stands on one side: a fingerprint, or a link that is read as one where it names one. */
function SideField({ name, text, side, set }: SideFieldProps) {
  const id = `side-${name.toLowerCase()}`;
  const take = (typed: string) => set(fingerprintIn(typed.trim()) ?? typed.trim());
  return (
    <div class="side-field">
      <label for={id}>Picture {name}</label>
      <input
        id={id}
        type="text"
        value={text}
        placeholder="Fingerprint or link"
        autocomplete="off"
        spellcheck={false}
        aria-describedby={`${id}-state`}
        aria-invalid={side.kind === 'wrong' ? 'true' : 'false'}
        onChange={(event) => take((event.target as HTMLInputElement).value)}
      />
      <p id={`${id}-state`} class={side.kind === 'wrong' ? 'hint wrong' : 'hint'} role="status">
        <SideState side={side} />
      </p>
    </div>
  );
}

function SideState({ side }: { readonly side: Side }) {
  switch (side.kind) {
    case 'empty':
      return <>From the gallery, a sweep or the workbench.</>;
    case 'asking':
      return <>Looking…</>;
    case 'wrong':
      return (
        <>
          <strong>{side.words.title}.</strong> {side.words.text}
        </>
      );
    case 'found':
      return side.stored === null ? (
        <>Known by its link alone.</>
      ) : (
        <a href={`/workbench${fragmentOf(benchOfRecipe(side.stored))}`}>Open in the workbench</a>
      );
  }
}

/** The empty page: what to do next, in whose place nothing stands while that is not known. */
function Missing({ a, b }: { readonly a: Side; readonly b: Side }) {
  const isAsking = a.kind === 'asking' || b.kind === 'asking';
  const words = isAsking ? 'Looking for the pictures…' : 'Two pictures go here.';
  return (
    <div class={isAsking ? 'stage-frame is-asking' : 'stage-frame'}>
      <p class="lead">
        <span key={words}>{words}</span>
      </p>
      <p class="aside">
        Pick two in the gallery or on a sweep's sheet, or give their fingerprints above. Then a slider goes between
        them, and a table shows what differs in how they were made.
      </p>
      <p class="actions">
        <a class="button" href="/gallery">
          Pick from the gallery
          <Icon name="arrow" />
        </a>
        <a class="button plain" href="/sweep">
          Make a sweep
        </a>
      </p>
    </div>
  );
}

furnish(CompareTool);
