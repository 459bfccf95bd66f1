import type { Command } from 'commander';
import type { NewKey } from '../../client/admin';
import type { ApiKey, KeyLimits, ListedKey } from '../../client/reports';
import { everyPage } from '../every-page';
import type { Paint } from '../paint';
import type { Act, Session } from '../session';
import { table } from '../table';
import { dollars, minute } from '../wording';
import { budget, countOrNone, decimalNumber, examples, list, moment, wholeNumber } from '../words';

interface KeyOptions {
  readonly name: string;
  readonly pub?: boolean;
  readonly link?: boolean;
  readonly scopes?: NonNullable<NewKey['scopes']>;
  readonly dialects?: NonNullable<NewKey['dialects']>;
  readonly origins?: readonly string[];
  readonly expires?: string;
  readonly day?: number | null;
  readonly total?: number | null;
  readonly rate?: number | null;
  readonly maxSteps?: number;
  readonly maxMegapixels?: number;
}

export function keyCommands(program: Command, act: Act): void {
  const keys = program
    .command('keys')
    .description('API keys of an account: your own, or of any (admins)')
    .helpCommand(false);
  createCommand(keys, act);
  listCommand(keys, act);
  keys
    .command('rotate <key-id>')
    .description('a new key in the place of another, which goes on for a while')
    .option('--overlap <seconds>', 'how long the other one still works', wholeNumber(0, 2_592_000), 86_400)
    .addHelpText('after', examples('keys rotate key_123', 'keys rotate key_123 --overlap 0'))
    .action(
      act<[string], { overlap: number }>(async (session, [id], { overlap }) => {
        showOnce(session, await session.admin.keys.rotate(id, overlap));
        return undefined;
      }),
    );
  keys
    .command('revoke <key-id>')
    .description('end a key, everywhere within half a minute')
    .addHelpText('after', examples('keys revoke key_123'))
    .action(
      act<[string], object>(async ({ admin, answer }, [id]) => {
        answer(await admin.keys.revoke(id), () => `${id} is revoked.`);
        return undefined;
      }),
    );
}

function listCommand(keys: Command, act: Act): void {
  keys
    .command('list [account]')
    .description("your own account's keys and what they spent, or another's (admins)")
    .addHelpText('after', examples('keys list', 'keys list acme'))
    .action(
      act<[string | undefined], object>(async ({ admin, own, answer, terminal }, [account]) => {
        const all = await everyPage((cursor) =>
          account === undefined ? own.keys({ cursor }) : admin.keys.list(account, { cursor }),
        );
        const none = `${account ?? 'This account'} has no keys yet.`;
        answer(all, () => (all.length === 0 ? none : keyTable(all, terminal.paint)));
        return undefined;
      }),
    );
}

function createCommand(keys: Command, act: Act): void {
  keys
    .command('create <account>')
    .description('a new key, which is shown this once')
    .requiredOption('--name <name>', 'what it is for')
    .option('--pub', 'for web pages: bound to its --origins')
    .option('--link', 'to sign links with')
    .option('--scopes <scopes>', 'of generate, read, admin', list)
    .option('--dialects <ids>', 'the APIs that it works in; all where absent', list)
    .option('--origins <origins>', 'the web origins that it works from', list)
    .option('--expires <time>', 'such as 30d, 12h or 2027-01-31', moment)
    .option('--day <dollars>', 'budget of a day', budget)
    .option('--total <dollars>', 'all that it may ever spend', budget)
    .option('--rate <count>', 'requests in a minute', countOrNone)
    .option('--max-steps <steps>', 'the most steps that it may order', wholeNumber(1, 50))
    .option('--max-megapixels <count>', 'the most megapixels', decimalNumber(0.01, 4.2))
    .addHelpText(
      'after',
      examples(
        'keys create acme --name server',
        'keys create acme --name site --pub --origins https://acme.com --day 1',
      ),
    )
    .action(
      act<[string], KeyOptions>(async (session, [account], options) => {
        showOnce(session, await session.admin.keys.create(account, newKey(options)));
        return undefined;
      }),
    );
}

function newKey({ name, pub, link, scopes, dialects, origins, expires, ...options }: KeyOptions): NewKey {
  const { day, total, rate, maxSteps, maxMegapixels } = options;
  const limits: Partial<KeyLimits> = {
    ...(day === undefined ? {} : { dayMicros: day }),
    ...(total === undefined ? {} : { totalMicros: total }),
    ...(rate === undefined ? {} : { requestsPerMinute: rate }),
    ...(maxSteps === undefined ? {} : { maximumSteps: maxSteps }),
    ...(maxMegapixels === undefined ? {} : { maximumMegapixels: maxMegapixels }),
  };
  return {
    name,
    ...(pub ? { kind: 'pub' as const } : {}),
    ...(link ? { kind: 'link' as const } : {}),
    ...(scopes && { scopes }),
    ...(dialects && { dialects }),
    ...(origins && { origins }),
    ...(expires && { expiresAt: expires }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}

/** The key alone on a line of its own, so that a script can take it. */
function showOnce({ answer, isJson, terminal }: Session, key: ApiKey): void {
  answer(key, () => terminal.paint('bold', key.key ?? key.hint));
  if (!isJson) terminal.note(`This is key ${key.id} of ${key.account}. It is shown this once: keep it safe.`);
}

function keyTable(keys: readonly ListedKey[], paint: Paint): string {
  return table(
    keys,
    [
      { title: 'id', value: ({ id }) => id },
      { title: 'key', value: ({ hint }) => hint },
      { title: 'name', value: ({ name }) => name },
      { title: 'kind', value: ({ kind }) => kind },
      { title: 'scopes', value: ({ scopes }) => scopes.join(',') },
      { title: 'today', value: ({ spent, limits }) => ofBudget(spent.todayMicros, limits.dayMicros), align: 'right' },
      { title: 'ever', value: ({ spent, limits }) => ofBudget(spent.everMicros, limits.totalMicros), align: 'right' },
      { title: 'made (UTC)', value: ({ createdAt }) => minute(createdAt) },
      { title: 'state', value: (key) => stateOf(key, paint) },
    ],
    paint,
  );
}

const ofBudget = (micros: number, most: number | null) =>
  most === null ? dollars(micros) : `${dollars(micros)} of ${dollars(most)}`;

function stateOf({ expiresAt, revokedAt }: ApiKey, paint: Paint): string {
  if (revokedAt !== null) return paint('red', `revoked ${minute(revokedAt)}`);
  if (expiresAt === null) return paint('green', 'valid');
  const isOver = Date.parse(expiresAt) <= Date.now();
  return isOver ? paint('red', `expired ${minute(expiresAt)}`) : paint('yellow', `until ${minute(expiresAt)}`);
}
