/** `npm run vendors`: every simulated vendor on a port of its own, and what to start the service with to buy there. */
import { settingsFor, simulators } from './all.ts';
import { failures } from './failures.ts';
import { type RunningSimulator, startSimulator } from './serve.ts';

/** `VENDORS_PORT` moves them. */
const firstPort = Number(process.env.VENDORS_PORT ?? 9_801);

try {
  const running = await Promise.all(simulators.map((simulator, index) => startSimulator(simulator, firstPort + index)));
  console.log(welcome(running));
} catch (error) {
  const lastPort = firstPort + simulators.length - 1;
  console.error(
    `The simulated vendors need the ports ${firstPort} to ${lastPort} of 127.0.0.1 (VENDORS_PORT names another first one): ${String(error)}`,
  );
  process.exit(1);
}

function welcome(running: readonly RunningSimulator[]): string {
  const [first] = running;
  const control = `${first?.url ?? ''}/__simulator`;
  const width = Math.max(...running.map(({ simulator }) => simulator.id.length));
  return `
Simulated vendors: they behave as the real ones do, and cost nothing.

${running.map(({ simulator, url }) => `  ${simulator.id.padEnd(width)}  ${url}`).join('\n')}

Start the service to buy from all of them, in this order:

${environmentOf(running)} npm start

Or from a few: put, for example, PROVIDERS=${simulators[1]?.id ?? ''},${simulators[0]?.id ?? ''} in front of it. Or from one, with only its settings:

${running.map((one) => `  ${environmentOf([one])} npm start`).join('\n')}

Each tells what it sold, and can be told how to fail; shown for ${first?.simulator.id ?? ''}:

  curl -s ${control}/sales
  curl -s ${control}/fail -d '{"failure":"hang-up-after","times":1}'
  curl -s ${control}/set -d '{"latencyMs":5000,"concurrency":2}'
  curl -s -X POST ${control}/reset

  A failure is one of ${failures.join(', ')}. It goes on until "none", or for as many purchases as "times" says.

Stop them with Ctrl-C.
`;
}

/** In the form of a shell: none of it needs quotes. */
function environmentOf(running: readonly RunningSimulator[]): string {
  const settings = running.flatMap(({ simulator, url }) => Object.entries(settingsFor(simulator, url)));
  return settings.map(([name, value]) => `${name}=${value}`).join(' ');
}
