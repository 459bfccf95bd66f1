import { expect, it } from 'vitest';
import { replicateClient, model, smallInput } from '../support/replicate-caller';
it('probe', async () => {
  const { client, sent } = replicateClient();
  const out = await client.run(model, { input: { ...smallInput, prompt: 'x' } });
  console.log(out, sent);
  console.log(JSON.stringify(await client.predictions.list(), null, 1));
  const m = await client.models.get('black-forest-labs', 'flux-2-flex');
  console.log(JSON.stringify(m, null, 1));
  expect(1).toBe(1);
});
