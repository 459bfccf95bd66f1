import { env } from 'cloudflare:workers';
import { type LinkOptions, type LinkSigner, signedLink } from '../../src/client/signed-link';
import { call, origin } from './front-door';

/** A link key of an account, made through the front door with the development key. */
export async function addLinkKey(account: string, changes: object = {}): Promise<LinkSigner> {
  await call('/v1/admin/accounts', { json: { id: account, name: account } });
  const made = await call(`/v1/admin/accounts/${account}/keys`, { json: { name: 'links', kind: 'link', ...changes } });
  if (made.status !== 201) throw new Error(`The key was not made: ${await made.text()}`);
  const { id, key } = (await made.json()) as { id: string; key: string };
  return { keyId: id, secret: key };
}

/** What a browser gets that follows a link. */
export async function follow(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return await call(url.slice(origin.length), { key: null, headers, method });
}

export const linkFor = (options: LinkOptions, signer: LinkSigner) => signedLink(origin, options, signer);

export async function purchasesBy(account: string): Promise<number> {
  const statement = 'SELECT count(*) AS count FROM purchases WHERE account_id = ?1';
  return (await env.LEDGER.prepare(statement).bind(account).first<{ count: number }>())?.count ?? 0;
}
