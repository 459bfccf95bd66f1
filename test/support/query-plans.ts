import { env } from 'cloudflare:workers';

/** A database that answers every statement with nothing, and notes how the real one would go about it. */
export function explaining(): { readonly database: D1Database; readonly plans: string[] } {
  const plans: string[] = [];
  const prepare = (sql: string) =>
    statement(async (values) => {
      const plan = env.LEDGER.prepare(`EXPLAIN QUERY PLAN ${sql}`).bind(...values);
      plans.push(...(await plan.all<{ detail: string }>()).results.map(({ detail }) => detail));
    });
  const batch = async (statements: readonly { all: () => Promise<unknown> }[]) =>
    await Promise.all(statements.map(({ all }) => all()));
  return { database: { prepare, batch } as unknown as D1Database, plans };
}

function statement(explain: (values: readonly unknown[]) => Promise<void>) {
  return {
    bind: (...values: unknown[]) => {
      const all = async () => {
        await explain(values);
        return { results: [], meta: { changes: 0 } };
      };
      return { all, run: all, first: async () => (await all()).results[0] ?? null };
    },
  };
}
