/** What a deployment did for everybody together: for its public page, where its operator wants that. */
export interface PublicFigures {
  readonly bought: number;
  /** Pictures that were asked for and did not have to be bought. */
  readonly reused: number;
  readonly savedMicros: number;
  /** By dialect, the most used first. */
  readonly ranking: readonly { readonly dialect: string; readonly pictures: number }[];
}

/** Sums the daily totals of all accounts. Reads no purchase. */
export async function publicFigures(database: D1Database): Promise<PublicFigures> {
  const statement = `
    SELECT dialect, sum(bought) AS bought, sum(reused) AS reused, sum(saved) AS savedMicros FROM (
      SELECT dialect, bought, 0 AS reused, 0 AS saved FROM purchase_days WHERE outcome <> 'restored'
      UNION ALL
      SELECT dialect, 0, count, saved_micros FROM daily_counts
    ) GROUP BY dialect`;
  const { results } = await database
    .prepare(statement)
    .all<{ dialect: string; bought: number; reused: number; savedMicros: number }>();
  const sum = (name: 'bought' | 'reused' | 'savedMicros') => results.reduce((total, row) => total + row[name], 0);
  const ranking = results
    .map(({ dialect, bought, reused }) => ({ dialect, pictures: bought + reused }))
    .toSorted((a, b) => b.pictures - a.pictures);
  return { bought: sum('bought'), reused: sum('reused'), savedMicros: sum('savedMicros'), ranking };
}
