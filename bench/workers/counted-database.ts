import { standIn } from './stand-in';
import { count } from './tally';

const originals = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

/** A database that counts its queries, and the rows that it says they read and wrote. */
export function countedDatabase(database: D1Database): D1Database {
  return standIn(database, (name, call) => {
    if (name === 'prepare') return (sql) => countedStatement(database.prepare(String(sql)));
    if (name === 'batch') return (statements) => countedBatch(database, statements as D1PreparedStatement[]);
    return call;
  });
}

function countedStatement(statement: D1PreparedStatement): D1PreparedStatement {
  const counted = standIn(statement, (name, call) => {
    if (name === 'bind') return (...values) => countedStatement(statement.bind(...values));
    if (name === 'first') return (column) => firstOf(statement, column);
    return async (...given) => told(call(...given) as Promise<D1Result>);
  });
  originals.set(counted, statement);
  return counted;
}

/** `first` tells nothing of rows, so all are asked for instead. */
async function firstOf(statement: D1PreparedStatement, column: unknown): Promise<unknown> {
  const { results } = await told(statement.all<Record<string, unknown>>());
  const first = results[0] ?? null;
  return first === null || typeof column !== 'string' ? first : first[column];
}

async function countedBatch(database: D1Database, statements: readonly D1PreparedStatement[]): Promise<D1Result[]> {
  const results = await database.batch(statements.map((statement) => originals.get(statement) ?? statement));
  return await Promise.all(results.map((result) => told(Promise.resolve(result))));
}

async function told<Result extends D1Result>(running: Promise<Result>): Promise<Result> {
  const result = await running;
  count('d1Queries');
  count('d1RowsRead', result.meta.rows_read);
  count('d1RowsWritten', result.meta.rows_written);
  return result;
}
