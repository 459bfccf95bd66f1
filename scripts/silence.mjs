import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asking costs a little, and a service may run for days. Once it did not answer, it is asked sooner. */
const PAUSE_MILLISECONDS = { answering: 2_000, silent: 1_000 };
const ANSWER_MILLISECONDS = 2_500;
/**
 * So many polls in a row. A service that is busy answers late, and one whose runtime died has another one at once: one
 * that has none does not get any more.
 */
const UNANSWERED = { busy: 20, gone: 3 };

/**
 * Waits until the service has not answered any more for so long that it must be broken: about ten seconds where it has
 * no runtime, about a minute where it has one.
 *
 * @param {string} url
 * @param {() => number | undefined} runtimes how many processes serve, as far as somebody can tell
 */
export async function untilSilent(url, runtimes = () => runtimesBelow(process.pid)) {
  for (let unanswered = 0; ; ) {
    await sleep(unanswered === 0 ? PAUSE_MILLISECONDS.answering : PAUSE_MILLISECONDS.silent);
    unanswered = (await answers(url)) ? 0 : unanswered + 1;
    if (unanswered >= UNANSWERED.busy) return;
    if (unanswered >= UNANSWERED.gone && runtimes() === 0) return;
  }
}

/** @param {string} url */
async function answers(url) {
  const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
  const response = await fetch(`${url}/health`, { signal }).catch(() => null);
  await response?.body?.cancel();
  return response !== null;
}

/**
 * How many workerd processes a process started, or those below it did.
 *
 * @param {number} pid
 * @returns {number | undefined} nothing where there is no `ps`
 */
function runtimesBelow(pid) {
  const all = everyProcess();
  if (!all) return undefined;
  const family = all.filter(({ parent }) => parent === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family.filter(({ command }) => command.endsWith('workerd')).length;
}

function everyProcess() {
  return listing()?.map((line) => {
    const [pid, parent, ...command] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), command: command.join(' ') };
  });
}

/** Nothing where there is no `ps`. */
function listing() {
  const columns = ['-A', '-o', 'pid=,ppid=,comm='];
  try {
    return execFileSync('ps', columns, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n');
  } catch {
    return undefined;
  }
}
