import { it } from 'vitest';
import { submitted } from '../support/bfl-caller';
import { cancelled, taskAt, taskOf } from '../support/task-caller';

it('race', async () => {
  const seen: string[] = [];
  for (let round = 0; round < 12; round += 1) {
    const body = { prompt: `race ${round} sandbox:slow`, seed: 1 };
    const mine = await submitted(body);
    await taskAt(mine.id, 'rendering');
    await cancelled(mine.id);
    const other = await submitted(body);
    await scheduler.wait(80);
    seen.push(`${(await taskOf(other.id)).source}:${(await taskOf(other.id)).status}`);
    await cancelled(other.id);
  }
  const tally = Map.groupBy(seen, (x) => x);
  console.log([...tally].map(([k, v]) => `${k} ${v.length}`).join(', '));
});
