import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, test } from 'vitest';
import { root } from '../../scripts/root.mjs';

/** A deploy brings the migrations first, and going back brings none: a version must run on what the next one migrated. */
const folder = join(root, 'migrations');
const names = readdirSync(folder).toSorted();
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');

/** What leaves tables and columns as those know them who wrote them. */
const additive = [
  /^CREATE TABLE \w+ \(/,
  /^CREATE INDEX /,
  /^CREATE TRIGGER /,
  /^DROP INDEX /,
  /^ALTER TABLE \w+ ADD COLUMN /,
  /^INSERT INTO /,
  /^UPDATE /,
];

function statementsIn(sql: string): string[] {
  const bare = sql.replaceAll(/^\s*--.*$/gm, '').trim();
  return [...bare.matchAll(/\s*(?:CREATE TRIGGER[\s\S]*?\bEND|[^;]+);/g)].map(([statement]) => statement.trim());
}

function migrated(count: number): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  for (const name of names.slice(0, count)) database.exec(textOf(name));
  return database;
}

interface Column {
  readonly name: string;
  readonly type: string;
}
type Row = Readonly<Record<string, string | number | null>>;

function tablesOf(database: DatabaseSync): ReadonlyMap<string, readonly Column[]> {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
  const columns = database.prepare('SELECT name, type FROM pragma_table_info(?)');
  return new Map(tables.map(({ name }) => [String(name), columns.all(String(name)) as unknown as Column[]]));
}

/** Writes a row into every table with the columns that somebody knows, as a version writes that names them. */
function fill(database: DatabaseSync, tables: ReadonlyMap<string, readonly Column[]>, word: string): void {
  // An account first: keys are an account's.
  const ordered = [...tables].toSorted(([one]) => (one === 'accounts' ? -1 : 0));
  for (const [table, columns] of ordered) {
    const list = columns.map(({ name }) => name).join(', ');
    const values = columns.map(({ type }) => (type === 'TEXT' ? word : 1_795_000_000_000));
    database
      .prepare(`INSERT INTO ${table} (${list}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`)
      .run(...values);
  }
}

function rowsOf(database: DatabaseSync, tables: ReadonlyMap<string, readonly Column[]>): ReadonlyMap<string, Row[]> {
  return new Map(
    [...tables].map(([table, columns]) => {
      const list = columns.map(({ name }) => name).join(', ');
      return [table, database.prepare(`SELECT ${list} FROM ${table} ORDER BY 1, 2`).all() as Row[]];
    }),
  );
}

describe.each(names.slice(1).map((name, index) => ({ name, before: index + 1 })))('$name', ({ name, before }) => {
  it('adds, and changes nothing that the version before knows', () => {
    const statements = statementsIn(textOf(name));
    expect(statements.length).toBeGreaterThan(0);
    expect(statements.filter((statement) => !additive.some((kind) => kind.test(statement)))).toEqual([]);
  });

  it('keeps what the version before wrote, and takes what that goes on writing', () => {
    const database = migrated(before);
    const known = tablesOf(database);
    fill(database, known, 'before');
    const written = rowsOf(database, known);
    expect([...written.values()].filter((rows) => rows.length === 0)).toEqual([]);
    database.exec(textOf(name));
    expect(rowsOf(database, known)).toEqual(written);
    fill(database, known, 'after');
    // A trigger may have written more.
    for (const [table, rows] of rowsOf(database, known))
      expect(rows.length, table).toBeGreaterThan(written.get(table)?.length ?? 0);
    database.close();
  });
});

/** A version that came before says `INSERT INTO pins SELECT …`: this table gets no column until none is gone back to. */
const keptAsTheyAre: Readonly<Record<string, readonly string[]>> = { pins: ['account_id', 'fingerprint', 'pinned_at'] };

/** The source's own statements, each in one line. */
const statements = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .flatMap((path) => [...readFileSync(join(root, 'src', path), 'utf8').matchAll(/(?:INSERT|REPLACE)[^`'";]*/g)])
  .map(([statement]) => statement.replaceAll(/\s+/g, ' '));

test('who writes a row names its columns, so that a later version may add one', () => {
  const tables = tablesOf(migrated(names.length));
  const inserts = statements.flatMap((statement) => {
    const [, table = '', next = ''] = /^(?:INSERT (?:OR \w+ )?|REPLACE )INTO (\w+) (\S)/.exec(statement) ?? [];
    return tables.has(table) ? [{ table, isNamed: next === '(' }] : [];
  });
  expect(new Set(inserts.map(({ table }) => table)).size).toBeGreaterThan(8);
  const unnamed = inserts.filter(({ table, isNamed }) => !isNamed && keptAsTheyAre[table] === undefined);
  expect(unnamed).toEqual([]);
  for (const [table, columns] of Object.entries(keptAsTheyAre))
    expect(tables.get(table)?.map(({ name }) => name)).toEqual(columns);
});

/** Objects made their tables when they were first asked for anything, and nobody alters them: a change is another table. */
const objectTables: Readonly<Record<string, string>> = {
  reservations: 'id TEXT PRIMARY KEY, reservation TEXT NOT NULL',
  settled: 'id TEXT PRIMARY KEY, at INTEGER NOT NULL',
  spent: 'name TEXT PRIMARY KEY, at INTEGER NOT NULL, spent TEXT NOT NULL',
  ends: 'name TEXT PRIMARY KEY, ends_at INTEGER NOT NULL',
  closed_days: 'day TEXT PRIMARY KEY, spent_micros INTEGER NOT NULL',
  drawn: 'digest TEXT PRIMARY KEY, seed INTEGER NOT NULL, at INTEGER NOT NULL',
  claims: 'key TEXT PRIMARY KEY, digest TEXT NOT NULL, at INTEGER NOT NULL',
  entries:
    'id TEXT PRIMARY KEY, account_id TEXT NOT NULL, entry TEXT NOT NULL, micros INTEGER NOT NULL, at INTEGER NOT NULL, is_recorded INTEGER NOT NULL',
};

test('tables of an account object stay as the objects have them that are there', () => {
  const sources = ['src/accounts', 'src/renders'].flatMap((path) =>
    readdirSync(join(root, path)).map((name) => readFileSync(join(root, path, name), 'utf8')),
  );
  const made = sources.flatMap((source) =>
    [...source.matchAll(/CREATE TABLE IF NOT EXISTS (\w+) \(([^)]*)\)/g)].map(([, table = '', columns = '']) => [
      table,
      columns.replaceAll(/\s+/g, ' ').trim(),
    ]),
  );
  expect(Object.fromEntries(made)).toMatchObject(objectTables);
});
