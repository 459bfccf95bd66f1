import { it } from 'vitest';
import { colourSchemes, openPage, widths } from './browser.ts';
for (const path of ['/', '/workbench']) for (const scheme of colourSchemes) for (const [name, width] of Object.entries(widths))
  it(`${path} ${scheme} ${name}`, async () => {
    const o = await openPage(path, { width, colourScheme: scheme });
    console.log(path, scheme, name, o.complaints, o.foreignRequests, await o.layoutShift(), await o.scriptBytes(), await o.isTooWide(), (await o.accessibilityFaults()).slice(0,6));
    await o.screenshot(`${path.slice(1) || 'model'}-${scheme}-${name}`);
  });
