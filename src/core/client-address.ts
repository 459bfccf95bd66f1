/**
 * What a client is counted by: its IPv4 address, or the /64 of its IPv6 address, which is what one household or machine
 * has. Only `CF-Connecting-IP` is believed: Cloudflare writes it itself, `X-Forwarded-For` whoever likes to. Null where
 * there is none, or where it is this machine: a developer at work.
 */
export function clientOf(headers: Headers): string | null {
  const address = headers.get('cf-connecting-ip')?.trim().toLowerCase() ?? '';
  if (address === '' || /^(?:::ffff:)?127\.|^::1$/.test(address)) return null;
  const ipv4 = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/.exec(address)?.[1];
  return ipv4 ?? ipv6Network(address);
}

/** The first four groups, written out; what is no address is counted as it stands, by its beginning. */
function ipv6Network(address: string): string {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => '0'), ...after];
  if (groups.length !== 8 || !groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return address.slice(0, 64);
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
