import { FluxgateError } from '../client/fluxgate-error';

/** What the command's exit code says. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  forbidden: 3,
  credit: 4,
  unreachable: 5,
  differences: 6,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For `--help`. */
export const exitCodeHelp = `Exit codes:
  0  done
  1  it failed
  2  the command was not understood
  3  no key, a wrong one, or one that may not do this
  4  out of credit, or over a budget
  5  the service cannot be reached
  6  differences were found (reconcile, prerender)`;

/** What went wrong on this side: a sentence that says what to do. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = exitCodes.usage) {
    super(message);
    this.exitCode = exitCode;
  }
}

const codesOfErrors: Readonly<Record<string, ExitCode>> = {
  unauthenticated: exitCodes.forbidden,
  forbidden: exitCodes.forbidden,
  insufficient_credit: exitCodes.credit,
  unreachable: exitCodes.unreachable,
  invalid_request: exitCodes.usage,
};

export function exitCodeOf(thrown: unknown): ExitCode {
  if (thrown instanceof CommandError) return thrown.exitCode;
  if (!(thrown instanceof FluxgateError)) return exitCodes.failed;
  return codesOfErrors[thrown.code] ?? exitCodes.failed;
}

/** One sentence about what went wrong, and one about what to do where that is known. */
export function explain(thrown: unknown): string {
  if (!(thrown instanceof FluxgateError)) return thrown instanceof Error ? thrown.message : String(thrown);
  const advice = adviceOn(thrown);
  const request = thrown.code === 'internal' && thrown.requestId !== null ? ` (request ${thrown.requestId})` : '';
  return `${thrown.message}${request}${advice === '' ? '' : `\n${advice}`}`;
}

function adviceOn({ code, taskId, retryAfterSeconds, issues }: FluxgateError): string {
  switch (code) {
    case 'unreachable':
      return 'Start it with "npm start", or name another service with --url or FLUXGATE_URL.';
    case 'unauthenticated':
      return 'Give a key with --key or FLUXGATE_KEY.';
    case 'forbidden':
      // One that names a field, such as a size, says by itself what the key may order.
      if (issues.some(({ field }) => field !== '')) return '';
      return 'Use a key whose scopes allow it, or the ADMIN_TOKEN for administration.';
    case 'insufficient_credit':
      return 'Add credit with "fluxgate credits add", or raise a budget with "fluxgate accounts limits".';
    case 'rate_limited':
      return `Try again in ${retryAfterSeconds ?? 'a few'} seconds.`;
    case 'wait_exceeded':
      return taskId === null ? '' : 'The same command again joins the same picture if a --seed was given.';
    default:
      return '';
  }
}
