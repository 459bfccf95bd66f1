import type { Command } from 'commander';
import { type Admin, createAdmin } from '../client/admin';
import { type Client, createClient } from '../client/client';
import { createOwnAccount, type OwnAccount } from '../client/own-account';
import { createTransport, type Transport } from '../client/transport';
import { type ExitCode, exitCodes } from './exit-code';
import { serviceUrl } from './service-url';
import { createTerminal, type Streams, type Terminal, type Variables } from './terminal';

/** What the command finds around itself. */
export interface World extends Streams {
  /** The words after the command's name. */
  readonly words: readonly string[];
  readonly variables: Variables;
  /** The key of the service on this machine, where there is one. */
  readonly developmentKey: string | null;
}

/** One command as it runs. */
export interface Session {
  readonly client: Client;
  readonly admin: Admin;
  readonly own: OwnAccount;
  /** For what none of them has a method for. */
  readonly transport: Transport;
  readonly terminal: Terminal;
  readonly variables: Variables;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Prints an answer: as JSON where that is wanted, else as people read it. */
  answer(value: unknown, text: () => string): void;
}

export interface GlobalOptions {
  readonly url?: string;
  readonly key?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Does a command's work; without an exit code of its own it went well. */
type Work<Words extends readonly unknown[], Options> = (
  session: Session,
  words: Words,
  options: Options,
) => Promise<ExitCode | undefined>;
/** Makes of a command's work what commander calls. */
export type Act = <Words extends readonly unknown[], Options>(
  work: Work<Words, Options & GlobalOptions>,
) => (...given: unknown[]) => Promise<void>;

/** `ended` is told the exit code. */
export function actIn(world: World, ended: (code: ExitCode) => void): Act {
  return (work) =>
    async (...given) => {
      const command = given.at(-1) as Command;
      const options = command.optsWithGlobals();
      const words = given.slice(0, -2) as unknown as Parameters<typeof work>[1];
      const code = await work(openSession(world, options), words, options as Parameters<typeof work>[2]);
      ended(code ?? exitCodes.ok);
    };
}

function openSession(world: World, options: GlobalOptions): Session {
  const { variables } = world;
  const [isJson, isQuiet] = [options.json === true, options.quiet === true];
  const baseUrl = serviceUrl(options.url, variables);
  const key = options.key ?? (variables.FLUXGATE_KEY || (isLoopback(baseUrl) ? world.developmentKey : null));
  const access = { baseUrl, ...(key === null ? {} : { key }) };
  const terminal = createTerminal(world, { variables, isQuiet, isJson });
  return {
    client: createClient(access),
    admin: createAdmin(access),
    own: createOwnAccount(access),
    transport: createTransport(access),
    terminal,
    variables,
    isJson,
    isQuiet,
    answer: (value, text) => terminal.print(isJson ? JSON.stringify(value, null, 2) : text()),
  };
}

/** The development key works there alone, and is not to be sent anywhere else. */
function isLoopback(url: string): boolean {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
