/**
 * Runs a command in a process group of its own for as long as stdin stays open.
 *
 *     node guard.mjs <file to remove at the end, or ""> <command> [arguments]
 *
 * Whoever starts the guard holds the other end of its stdin. When that end closes, on purpose or because its owner was
 * killed, the command is asked to end, and after five seconds its whole group is killed: nothing is ever orphaned.
 */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';

const GRACE_MILLISECONDS = 5_000;
const [leftover = '', command = '', ...commandArguments] = process.argv.slice(2);

// The owner decides when to stop, so a Ctrl-C that reaches the whole terminal must not end the guard first.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {});

const child = spawn(command, commandArguments, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(error.message);
  finish(127);
});
child.on('exit', (code) => finish(code ?? 1));
process.stdin.on('end', stop).on('error', stop).resume();

function stop() {
  signalGroup('SIGTERM', 1);
  setTimeout(() => finish(1), GRACE_MILLISECONDS);
}

/** @param {number} exitCode */
function finish(exitCode) {
  signalGroup('SIGKILL', -1);
  if (leftover) rmSync(leftover, { force: true });
  process.exit(exitCode);
}

/**
 * @param {NodeJS.Signals} signal
 * @param {1 | -1} target 1 for the command alone, -1 for its group
 */
function signalGroup(signal, target) {
  try {
    if (child.pid) process.kill(child.pid * target, signal);
  } catch {
    // Already gone, which is what was wanted.
  }
}
