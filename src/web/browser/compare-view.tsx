import { useState } from 'hono/jsx/dom';
import { Icon } from '../icons';
import type { Side } from './compared-picture';
import type { StoredRecipe } from './gateway';
import { Segments } from './segments';

type Found = Extract<Side, { kind: 'found' }>;
const ways = [
  { value: 'slider', words: 'Slider' },
  { value: 'beside', words: 'Side by side' },
] as const;

/** Both pictures, one over the other or one beside the other. */
export function CompareView({ a, b }: { readonly a: Found; readonly b: Found }) {
  const [way, setWay] = useState<(typeof ways)[number]['value']>('slider');
  const differ = a.stored !== null && b.stored !== null && sizeOf(a.stored) !== sizeOf(b.stored);
  return (
    <div class="compare-view">
      <Segments class="tabs" label="How to see them" choices={ways} chosen={way} choose={setWay} />
      {way === 'slider' ? <Slider a={a} b={b} /> : <Beside a={a} b={b} />}
      {differ && a.stored !== null && b.stored !== null ? (
        <p class="hint">
          They differ in size, {sizeOf(a.stored)} and {sizeOf(b.stored)}: each is fitted into the same frame.
        </p>
      ) : null}
    </div>
  );
}

/** A range over the whole frame: the browser brings pointer, touch and keyboard with it. */
function Slider({ a, b }: { readonly a: Found; readonly b: Found }) {
  const [percent, setPercent] = useState(50);
  return (
    <div class="slider" style={{ ...frameOf(a, b), '--cut': `${percent}%` }}>
      <img src={b.url} alt={`B: ${altOf(b)}`} />
      <img class="over" src={a.url} alt={`A: ${altOf(a)}`} />
      <span class="side-name a" aria-hidden="true">
        A
      </span>
      <span class="side-name b" aria-hidden="true">
        B
      </span>
      <input
        type="range"
        min={0}
        max={100}
        step={1}
        value={percent}
        aria-label="How much of A is shown"
        aria-valuetext={`${percent} % of A, ${100 - percent} % of B`}
        onInput={(event) => setPercent(Number((event.target as HTMLInputElement).value))}
      />
      <span class="handle" aria-hidden="true">
        <span class="knob">
          <Icon name="slide" />
        </span>
      </span>
    </div>
  );
}

function Beside({ a, b }: { readonly a: Found; readonly b: Found }) {
  return (
    <div class="beside">
      {[a, b].map((side, index) => (
        <figure key={index}>
          <div class="slider" style={frameOf(a, b)}>
            <img src={side.url} alt={`${'AB'[index]}: ${altOf(side)}`} />
          </div>
          <figcaption class="hint">{'AB'[index]}</figcaption>
        </figure>
      ))}
    </div>
  );
}

/** The frame has the shape of the first one whose size is known, and is no higher than what one sees at once. */
function frameOf(a: Found, b: Found) {
  const known = a.stored ?? b.stored;
  const shape = known === null ? 1 : known.recipe.width / known.recipe.height;
  return { 'aspect-ratio': String(shape), width: `min(100%, calc(78vh * ${shape}))` };
}

function sizeOf({ recipe }: StoredRecipe): string {
  return `${recipe.width} × ${recipe.height}`;
}

function altOf({ stored }: Found): string {
  if (stored === null) return 'a picture by its link';
  return typeof stored.recipe.prompt === 'string' ? stored.recipe.prompt : 'a picture made from a JSON prompt';
}
