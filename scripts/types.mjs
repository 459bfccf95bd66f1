/** `npm run types`: writes worker-configuration.d.ts anew from wrangler.toml. */
import { generateTypes } from './generated-types.mjs';
import { Halt, runMain } from './halt.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp();
  const { code, output } = await generateTypes('worker-configuration.d.ts');
  if (code !== 0) throw new Halt(output);
});
