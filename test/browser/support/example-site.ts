import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { buildExample } from '../../../scripts/example-site.mjs';
import { serveFolder } from '../../../scripts/folder-server.mjs';
import { freePort } from '../../process/local-service.ts';

export interface ExampleSite {
  /** Where its pages are. */
  readonly origin: string;
  /** The service that its pictures come from. */
  readonly service: string;
  /** Its files: what is put in there is served, too. */
  readonly folder: string;
  close(): void;
}

/** The example as `npm run example` makes and serves it, at an origin of its own. */
export async function startExample(service = inject('origin')): Promise<ExampleSite> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-example-'));
  await buildExample({ service, key: inject('key'), site: origin, folder });
  const server = await serveFolder(folder, { port, service });
  return {
    origin,
    service,
    folder,
    close: () => {
      end(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A folder of pages at an origin that no key knows. */
export async function startOtherSite(pages: string): Promise<{ origin: string; close(): void }> {
  const server = await serveFolder(pages, { port: 0, service: inject('origin') });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => end(server) };
}

function end(server: Server): void {
  server.closeAllConnections();
  server.close();
}
