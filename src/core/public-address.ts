import { isPublicIpv4, isPublicIpv6 } from './address-range';

const maximumCharacters = 2048;

/** Ports on which other protocols listen, that a request could be made to speak with. */
const closedPorts: ReadonlySet<string> = new Set(
  [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 79, 88, 110, 111, 113, 119, 123, 135, 137,
    138, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 540, 548, 554, 563, 587, 601, 636, 873, 989, 990,
    993, 995, 1433, 1521, 2049, 2375, 2376, 2379, 2380, 3306, 3389, 5432, 5900, 6000, 6379, 6443, 6665, 6666, 6667,
    6668, 6669, 6697, 9042, 9200, 9300, 10250, 11211, 27017,
  ].map(String),
);

/** Names that are never public, and services that answer for any name with the address written in it. */
const closedDomains: readonly string[] = [
  ...['localhost', 'localdomain', 'local', 'internal', 'intranet', 'private', 'corp', 'home', 'lan', 'home.arpa'],
  ...['nip.io', 'sslip.io', 'xip.io', 'localtest.me', 'lvh.me', 'vcap.me', 'lacolhost.com', 'traefik.me', 'fuf.me'],
  ...['local.gd', 'localhost.direct', 'rbndr.us', '1u.ms'],
];

/** A URL that may be fetched, or what is accepted instead: a fragment to put behind "expected". */
export type AddressCheck = { readonly url: URL } | { readonly reason: string };

/**
 * Whether a URL from a caller, or from a vendor's answer, may be fetched: https, a public host, no credentials.
 * Origins of `trustedOrigins` (the operator's own, written as `URL.origin` writes them) may also be http and private.
 * It does not resolve the name: that it leads to a private address can be seen only by who connects.
 */
export function checkPublicUrl(text: string, trustedOrigins: readonly string[] = []): AddressCheck {
  if (text.length > maximumCharacters) return { reason: `a URL of at most ${maximumCharacters} characters` };
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return { reason: 'an https: URL' };
  if (url.username !== '' || url.password !== '') return { reason: 'a URL without a user name and a password' };
  if (trustedOrigins.includes(url.origin)) return { url };
  if (url.protocol !== 'https:') return { reason: 'an https: URL' };
  if (closedPorts.has(url.port)) return { reason: 'a URL on a port of the web, such as 443' };
  return isPublicHost(url.hostname) ? { url } : { reason: 'a URL on a public host' };
}

/** The URL parser has lowercased the name, and written every form of IPv4 as four decimal numbers. */
function isPublicHost(hostname: string): boolean {
  if (hostname.startsWith('[')) return isPublicIpv6(hostname.slice(1, -1));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(hostname)) return isPublicIpv4(hostname);
  const name = hostname.replace(/\.$/, '');
  const labels = name.split('.');
  if (labels.length < 2 || labels.includes('')) return false;
  return !closedDomains.some((domain) => name === domain || name.endsWith(`.${domain}`));
}
