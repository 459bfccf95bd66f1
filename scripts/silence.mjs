import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Asking costs a little, and a service may run for days. Once it did not answer, it is asked sooner. */
const PAUSE_MILLISECONDS = { answering: 2_000, silent: 1_000 };
const ANSWER_MILLISECONDS = 2_500;
/**
 * So many polls in a row. A service that is busy answers late; one whose runtime died may never do so again, though
 * wrangler goes on, and says nothing.
 */
const UNANSWERED = { busy: 20, crashed: 3 };

/**
 * Waits until the service has not answered any more for so long that it must be broken: about ten seconds where its
 * runtime crashed, about a minute where it did not.
 *
 * @param {string} url
 * @param {() => readonly number[] | undefined} runtimes the processes that serve, as far as somebody can tell
 */
export async function untilSilent(url, runtimes = () => runtimesBelow(process.pid)) {
  let known = runtimes();
  for (let unanswered = 0; ; ) {
    await sleep(unanswered === 0 ? PAUSE_MILLISECONDS.answering : PAUSE_MILLISECONDS.silent);
    if (await answers(url)) {
      // wrangler itself starts new ones where the code changed. It also does where they died, but those never answer.
      if (unanswered > 0 || hasCrashed(known)) known = runtimes();
      unanswered = 0;
      continue;
    }
    unanswered += 1;
    if (unanswered >= (hasCrashed(known) ? UNANSWERED.crashed : UNANSWERED.busy)) return;
  }
}

/** @param {readonly number[]} [runtimes] none of them: they died before they were looked for */
function hasCrashed(runtimes) {
  return runtimes !== undefined && (runtimes.length === 0 || !runtimes.every(isAlive));
}

/** @param {string} url */
async function answers(url) {
  const signal = AbortSignal.timeout(ANSWER_MILLISECONDS);
  const response = await fetch(`${url}/health`, { signal }).catch(() => null);
  await response?.body?.cancel();
  return response !== null;
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/**
 * The workerd processes that a process started, or that those below it did.
 *
 * @param {number} pid
 * @returns {number[] | undefined} nothing where there is no `ps`
 */
function runtimesBelow(pid) {
  const all = everyProcess();
  if (!all) return undefined;
  const family = all.filter(({ parent }) => parent === pid);
  for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
  return family.filter(({ command }) => command.endsWith('workerd')).map((member) => member.pid);
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
