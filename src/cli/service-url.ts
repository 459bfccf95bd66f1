import { CommandError } from './exit-code';
import type { Variables } from './terminal';

/** Where a service of this machine is, unless it was told otherwise. */
export const localUrl = 'http://127.0.0.1:8787';

/**
 * Where the service is, by the option, else by FLUXGATE_URL.
 * @param option what the option is called
 * @throws CommandError for what no service can be reached at
 */
export function serviceUrl(given: string | undefined, { FLUXGATE_URL }: Variables, option = '--url'): string {
  const [name, text] = given === undefined ? ['FLUXGATE_URL', FLUXGATE_URL || localUrl] : [option, given];
  const url = text.trim();
  if (isAddress(url)) return url;
  const expected = `expected the address of a service, such as https://pictures.example.com or ${localUrl}`;
  const shown = text.slice(0, 100).replace(/\/\/.*@/, '//…@');
  throw new CommandError(`${name} is "${shown}": ${expected}.`);
}

/** A path may be part of it. What has a query would lead elsewhere, and nothing is sent to what has a password. */
function isAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\//i.test(text)) return false;
  return url.username === '' && url.password === '' && !/[?#]/.test(text);
}
