import type { StoredRecipe } from './gateway';
import { type RecipeRow, recipeRows } from './recipe-rows';

/** What differs in how two pictures were made; what does not is folded away. */
export function RecipeTable({ a, b }: { readonly a: StoredRecipe; readonly b: StoredRecipe }) {
  const rows = recipeRows(a, b);
  const different = rows.filter(({ isSame }) => !isSame);
  const same = rows.filter(({ isSame }) => isSame);
  if (a.fingerprint === b.fingerprint) return <p class="note">Both are the very same picture: one fingerprint.</p>;
  return (
    <>
      <Rows caption="What differs" rows={different} />
      {same.length === 0 ? null : (
        <details class="recipe">
          <summary>The same in both ({same.length})</summary>
          <Rows caption="What is the same" rows={same} />
        </details>
      )}
    </>
  );
}

function Rows({ caption, rows }: { readonly caption: string; readonly rows: readonly RecipeRow[] }) {
  return (
    <section class="scroll" tabindex={0} aria-label={caption}>
      <table class="recipe-table">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">A</th>
            <th scope="col">B</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, a, b }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td dir="auto">{a}</td>
              <td dir="auto">{b}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
