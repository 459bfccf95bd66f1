import { Command, CommanderError } from 'commander';
import { accountCommands } from './commands/accounts';
import { balanceCommand } from './commands/balance';
import { creditCommands } from './commands/credits';
import { keyCommands } from './commands/keys';
import { pictureCommands } from './commands/pictures';
import { prerenderCommand } from './commands/prerender';
import { quoteCommand } from './commands/quote';
import { reconcileCommand } from './commands/reconcile';
import { renderCommand } from './commands/render';
import { restoreCommand } from './commands/restore';
import { siteCommands } from './commands/site';
import { tasksCommand } from './commands/tasks';
import { usageCommand } from './commands/usage';
import { type ExitCode, exitCodeHelp, exitCodeOf, exitCodes, explain } from './exit-code';
import { localUrl } from './service-url';
import { type Act, actIn, type World } from './session';
import { paintFor } from './terminal';
import { examples } from './words';

/** The `fluxgate` command. @returns its exit code */
export async function run(world: World): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  const act = actIn(world, (ended) => {
    code = ended;
  });
  try {
    await program(world, act).parseAsync(world.words, { from: 'user' });
    return code;
  } catch (thrown) {
    // Commander has said what was wrong, or has shown its help.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    complain(world, thrown);
    return exitCodeOf(thrown);
  }
}

function program(world: World, act: Act): Command {
  const fluxgate = new Command('fluxgate')
    .description('Pictures, keys, money and usage of a Fluxgate service.')
    .option('--url <url>', `the service (FLUXGATE_URL; ${localUrl})`)
    .option('--key <key>', 'an API key, or the admin token (FLUXGATE_KEY; on this machine the development key)')
    .option('--json', 'answer in JSON')
    .option('-q, --quiet', 'nothing but the answer')
    .helpOption('-h, --help', 'what a command does')
    .helpCommand(false)
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({
      writeOut: (text) => world.out.write(text),
      writeErr: (text) => world.err.write(text),
      outputError: (text, write) => write(worded(text)),
    });
  renderCommand(fluxgate, act);
  quoteCommand(fluxgate, act);
  prerenderCommand(fluxgate, act);
  siteCommands(fluxgate, act);
  usageCommand(fluxgate, act);
  balanceCommand(fluxgate, act);
  tasksCommand(fluxgate, act);
  accountCommands(fluxgate, act);
  keyCommands(fluxgate, act);
  creditCommands(fluxgate, act);
  pictureCommands(fluxgate, act);
  reconcileCommand(fluxgate, act);
  restoreCommand(fluxgate, act);
  const shown = examples('render "A red fox in the snow" -o fox.png', 'usage --days 7', 'keys create acme --name web');
  return fluxgate.addHelpText('after', `${shown}\n\n${exitCodeHelp}`);
}

/** Commander's own complaints, as sentences that say where to look. */
function worded(text: string): string {
  const [first = '', ...rest] = text
    .trim()
    .replace(/^error: /, '')
    .split('\n');
  const sentence = first.charAt(0).toUpperCase() + first.slice(1);
  const suggestions = rest.map((line) => line.replace(/^\((.*)\)$/, '$1'));
  return `${[sentence.endsWith('.') ? sentence : `${sentence}.`, ...suggestions].join(' ')}\n"--help" shows what a command takes.\n`;
}

function complain({ err, variables, words }: World, thrown: unknown): void {
  if (words.includes('--json') && thrown instanceof Error) {
    err.write(`${JSON.stringify({ error: { ...thrown, message: thrown.message } })}\n`);
    return;
  }
  err.write(`${paintFor(err, variables)('red', '✗')} ${explain(thrown)}\n`);
}
