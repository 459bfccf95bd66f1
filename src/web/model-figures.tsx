import { dollars } from './money';
import type { SiteFacts, UsageFigures } from './site-facts';

/** What this deployment made and saved, all accounts together, where its operator lets that be seen. */
export function ModelFigures({ facts: { figures, recipes, isSandbox } }: { readonly facts: SiteFacts }) {
  if (figures === null) return null;
  const titles = new Map([...ownTitles, ...recipes.map(({ dialect, title }) => [dialect, title] as const)]);
  const rows = figures.ranking.map(({ dialect, pictures }) => ({ title: titles.get(dialect) ?? dialect, pictures }));
  return (
    <section aria-labelledby="usage">
      <h2 id="usage">Used so far</h2>
      <Sums figures={figures} />
      {rows.length === 0 ? null : <Ranking rows={rows} />}
      {isSandbox ? <p class="aside">The sandbox buys nothing: what was bought and saved is pretended.</p> : null}
    </section>
  );
}

/** What no recipe is for. */
const ownTitles = [
  ['link', 'Signed links'],
  ['fluxgate', 'Fluxgate'],
] as const;

function Sums({ figures: { bought, reused, savedMicros } }: { readonly figures: UsageFigures }) {
  const sums = [
    ['Pictures bought', count(bought)],
    ['Given without buying', count(reused)],
    ['Saved by that', dollars(savedMicros)],
  ] as const;
  return (
    <dl class="figures">
      {sums.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface RankingProps {
  readonly rows: readonly { readonly title: string; readonly pictures: number }[];
}

function Ranking({ rows }: RankingProps) {
  const most = Math.max(1, ...rows.map(({ pictures }) => pictures));
  return (
    <table class="ranking">
      <caption>Pictures by API, all accounts together</caption>
      <tbody>
        {rows.map(({ title, pictures }) => (
          <tr>
            <th scope="row">{title}</th>
            <td>
              <svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect width={(100 * pictures) / most} height="4" />
              </svg>
            </td>
            <td class="data number">{count(pictures)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const count = (value: number) => value.toLocaleString('en');
