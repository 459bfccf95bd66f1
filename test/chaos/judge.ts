import type { Evidence, Violation } from './evidence.ts';
import { hangs } from './exchange.ts';
import { isFinal } from './follow.ts';
import { judgeMoney } from './judge-money.ts';
import { judgePurchases } from './judge-purchases.ts';

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
/** A busy machine tells late that a connection broke. */
const slackMs = 1_000;

function judgeAnswers({ witness, outages }: Evidence): Violation[] {
  const isExcused = (moment: number) => outages.some(({ from, to }) => moment >= from && moment <= to + slackMs);
  return witness.notes.flatMap(({ kind, to, what, status, code }) => {
    if (kind === 'lost' && code !== hangs && isExcused(to)) return [];
    if (kind === 'lost') return [violation('connection', what, `It was lost with no process killed: ${code}.`)];
    if (status === null || status < 400 || (code !== null && deliberate.has(code))) return [];
    return [violation('answer', what, `It was answered ${status} ${code ?? 'without a code'}.`)];
  });
}

function judgeTasks({ witness, webhooks, deadUrls }: Evidence): Violation[] {
  const tasks = [...witness.tasks.values()];
  return [
    ...tasks
      .filter(({ end }) => end === null || !isFinal(end.status))
      .map(({ id, end, order }) =>
        violation('task', id, `Order ${order.index} by ${order.way} stands at ${end?.status ?? 'no end'}.`),
      ),
    ...tasks
      .filter(({ webhookPath }) => webhookPath !== null && !webhooks.has(webhookPath))
      .map(({ id, order, end }) =>
        violation('webhook', id, `Order ${order.index} by ${order.way} ended ${end?.status}, and nobody was told.`),
      ),
    ...deadUrls.map((url) => violation('picture URL', url, 'It was handed out, and does not answer with a picture.')),
  ];
}

function judgePictures({ files, renders, rows }: Evidence): Violation[] {
  const masters = new Map(files.filter(({ isMaster }) => isMaster).map((file) => [file.fingerprint, file]));
  const sold = new Set(rows.filter(({ outcome }) => outcome === 'ready').map(({ fingerprint }) => fingerprint));
  return [
    ...files.flatMap(({ key, problem }) => (problem === null ? [] : [violation('stored picture', key, problem)])),
    ...[...masters.values()]
      .filter(({ sha256, declaredSha256 }) => sha256 !== declaredSha256)
      .map(({ key }) => violation('digest', key, 'Its bytes do not have the digest that stands beside them.')),
    ...renders
      .filter(({ fingerprint, sha256 }) => masters.get(fingerprint)?.sha256 !== sha256)
      .map(({ fingerprint }) =>
        violation('digest', fingerprint, 'The list has another digest than the master, or there is no master.'),
      ),
    ...[...masters.keys()]
      .filter((fingerprint) => !sold.has(fingerprint))
      .map((fingerprint) =>
        violation('stored picture', fingerprint, 'It is stored, and the ledger has no purchase that gave it.'),
      ),
    ...[...sold]
      .filter((fingerprint) => !masters.has(fingerprint))
      .map((fingerprint) => violation('stored picture', fingerprint, 'It was bought, and is not stored.')),
  ];
}
