import type { Evidence, Violation } from './evidence.ts';
import { hangs } from './exchange.ts';
import { isFinal } from './follow.ts';
import { judgeMoney } from './judge-money.ts';
import { judgePurchases } from './judge-purchases.ts';
import type { AcceptedTask, Witness } from './witness.ts';

/** Everything that a run must not have done. Pure. */
export function judge(evidence: Evidence): Violation[] {
  return [
    ...judgeAnswers(evidence),
    ...judgeTasks(evidence),
    ...judgePurchases(evidence),
    ...judgeMoney(evidence),
    ...judgePictures(evidence),
    ...judgeReconciliation(evidence),
    ...evidence.log.leaks.map((leak) => violation('log', leak, 'It was printed, and may not be.')),
  ];
}

const violation = (rule: string, subject: string, message: string): Violation => ({ rule, subject, message });

/** What is set aside for a task that never began heals by itself, ten minutes after its deadline. */
function judgeReconciliation({ differences, standings }: Evidence): Violation[] {
  const healing = new Set(standings.filter(({ orphans }) => orphans.length > 0).map(({ account }) => account));
  return differences
    .filter(({ kind, subject }) => kind !== 'stale_reservation' || !healing.has(subject))
    .map(({ kind, subject, message, expected, actual }) =>
      violation(`reconcile: ${kind}`, subject, `${message} Expected ${expected}, found ${actual}.`),
    );
}

/** What orders may come to: the vendors fail, the accounts run out, callers cancel. */
const deliberate: ReadonlySet<string> = new Set([
  ...['insufficient_credit', 'rate_limited', 'moderated_request', 'moderated_output', 'no_provider', 'cancelled'],
  ...['provider_failed', 'outcome_unknown', 'unavailable', 'wait_exceeded'],
]);
/** A task's id begins with its picture's; what is noted of a request has no room for more. */
const idOfPicture = 44;
/** A busy machine tells late that a connection broke. */
const slackMs = 1_000;

/** And what the operator may be told of a picture. */
const deliberateOfActs: ReadonlySet<string> = new Set([...deliberate, 'conflict', 'not_found']);

function judgeAnswers({ witness, outages }: Evidence): Violation[] {
  const gone = [...deleted(witness), ...tasksOfDeleted(witness).map(({ id }) => id.slice(0, idOfPicture))];
  const isExcused = (moment: number) => outages.some(({ from, to }) => moment >= from && moment <= to + slackMs);
  return witness.notes.flatMap(({ kind, to, what, status, code }) => {
    if (kind === 'lost' && code !== hangs && isExcused(to)) return [];
    if (kind === 'lost') return [violation('connection', what, `It was lost with no process killed: ${code}.`)];
    const meant = / \/v1\/admin\/pictures\//.test(what) ? deliberateOfActs : deliberate;
    if (status === null || status < 400 || (code !== null && meant.has(code))) return [];
    if (status === 404 && gone.some((name) => what.includes(name))) return [];
    return [violation('answer', what, `It was answered ${status} ${code ?? 'without a code'}.`)];
  });
}

function judgeTasks({ witness, webhooks, deadUrls }: Evidence): Violation[] {
  const tasks = [...witness.tasks.values()];
  const gone = new Set(tasksOfDeleted(witness));
  const wasDeleted = (url: string) => deleted(witness).some((fingerprint) => url.includes(fingerprint));
  return [
    ...tasks
      .filter(
        (task) =>
          task.end === null || !(isFinal(task.end.status) || (task.end.status === 'HTTP 404' && gone.has(task))),
      )
      .map(({ id, end, order }) =>
        violation('task', id, `Order ${order.index} by ${order.way} stands at ${end?.status ?? 'no end'}.`),
      ),
    ...tasks
      .filter((task) => task.webhookPath !== null && !webhooks.has(task.webhookPath) && !gone.has(task))
      .map(({ id, order, end }) =>
        violation('webhook', id, `Order ${order.index} by ${order.way} ended ${end?.status}, and nobody was told.`),
      ),
    ...deadUrls
      .filter((url) => !wasDeleted(url))
      .map((url) => violation('picture URL', url, 'It was handed out, and does not answer with a picture.')),
  ];
}

/** A task ends with its picture's deletion: nobody knows it, and nobody is told of it, until the picture is bought again. */
const tasksOfDeleted = (witness: Witness): AcceptedTask[] =>
  [...witness.tasks.values()].filter(({ order }) => witness.actsOn(order.picture.index, 'purge') > 0);

/** Fingerprints of what the operator may have deleted. */
const deleted = (witness: Witness) =>
  witness.acts.filter(({ kind }) => kind === 'purge').map(({ fingerprint }) => fingerprint);

function judgePictures({ files, renders, rows, witness }: Evidence): Violation[] {
  const masters = new Map(files.filter(({ isMaster }) => isMaster).map((file) => [file.fingerprint, file]));
  const changed = new Set(witness.acts.map(({ fingerprint }) => fingerprint));
  const gone = new Set(deleted(witness));
  const sold = new Set(rows.filter(({ outcome }) => outcome === 'ready').map(({ fingerprint }) => fingerprint));
  return [
    ...files.flatMap(({ key, problem }) => (problem === null ? [] : [violation('stored picture', key, problem)])),
    ...[...masters.values()]
      .filter(({ sha256, declaredSha256 }) => sha256 !== declaredSha256)
      .map(({ key }) => violation('digest', key, 'Its bytes do not have the digest that stands beside them.')),
    ...renders
      // One that was made again keeps the digest that it had first.
      .filter(({ fingerprint, sha256 }) => !changed.has(fingerprint) && masters.get(fingerprint)?.sha256 !== sha256)
      .map(({ fingerprint }) =>
        violation('digest', fingerprint, 'The list has another digest than the master, or there is no master.'),
      ),
    ...[...masters.keys()]
      .filter((fingerprint) => !sold.has(fingerprint))
      .map((fingerprint) =>
        violation('stored picture', fingerprint, 'It is stored, and the ledger has no purchase that gave it.'),
      ),
    ...[...sold]
      .filter((fingerprint) => !masters.has(fingerprint) && !gone.has(fingerprint))
      .map((fingerprint) => violation('stored picture', fingerprint, 'It was bought, and is not stored.')),
  ];
}
