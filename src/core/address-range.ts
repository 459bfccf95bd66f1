/** IPv4 that is not on the public Internet: https://www.iana.org/assignments/iana-ipv4-special-registry */
const closedIpv4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map((range) => parseRange(range, ipv4Value));

/** All of IPv6 that is given out to anybody. Loopback, ULA, link-local, multicast, mapped IPv4 and NAT64 are outside. */
const openIpv6 = parseRange('2000::/3', ipv6Value);

/** What of it is special: https://www.iana.org/assignments/iana-ipv6-special-registry */
const closedIpv6 = [
  '2001::/23', // IETF protocols, with Teredo (2001::/32) and ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: it carries an IPv4 address
  '3fff::/20', // documentation
].map((range) => parseRange(range, ipv6Value));

/** Whether an IPv4 address, as four decimal numbers, is on the public Internet. */
export function isPublicIpv4(address: string): boolean {
  const value = ipv4Value(address);
  return !closedIpv4.some((range) => isWithin(value, range));
}

/** Whether an IPv6 address, as the URL parser writes it but without the brackets, is on the public Internet. */
export function isPublicIpv6(address: string): boolean {
  const value = ipv6Value(address);
  return isWithin(value, openIpv6) && !closedIpv6.some((range) => isWithin(value, range));
}

interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
}

function isWithin(value: bigint, { first, last }: AddressRange): boolean {
  return value >= first && value <= last;
}

function parseRange(text: string, read: (address: string) => bigint): AddressRange {
  const [address = '', prefixBits = ''] = text.split('/');
  const first = read(address);
  const addressBits = read === ipv4Value ? 32 : 128;
  return { first, last: first + (1n << BigInt(addressBits - Number(prefixBits))) - 1n };
}

function ipv4Value(address: string): bigint {
  return address.split('.').reduce((value, part) => value * 256n + BigInt(part), 0n);
}

function ipv6Value(address: string): bigint {
  const [head = '', tail = ''] = address.split('::');
  const [before, after] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n);
}

function groups(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}
