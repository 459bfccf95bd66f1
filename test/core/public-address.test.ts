import { describe, expect, it } from 'vitest';
import { checkPublicUrl } from '../../src/core/public-address';

const isOpen = (text: string, trustedOrigins?: readonly string[]) => 'url' in checkPublicUrl(text, trustedOrigins);

describe('checkPublicUrl', () => {
  it.each([
    'https://example.com/a.png',
    'HTTPS://EXAMPLE.com./a.png?x=1#y',
    'https://example.com:8443/',
    'https://bücher.example.com/',
    'https://notlocal.com/',
    'https://local.example.com/',
    'https://10.example.com/',
    'https://mynip.io.example.com/',
    'https://8.8.8.8/',
    'https://0x08080808/',
    'https://172.15.255.255/',
    'https://172.32.0.0/',
    'https://100.63.255.255/',
    'https://100.128.0.0/',
    'https://198.20.0.0/',
    'https://223.255.255.255/',
    'https://[2606:4700:4700::1111]/',
    'https://[2001:4860:4860::8888]:8443/',
    `https://example.com/${'a'.repeat(2028)}`,
  ])('accepts %s', (text) => {
    expect(checkPublicUrl(text)).toHaveProperty('url');
  });

  it.each([
    'https://localhost/',
    'https://LOCALHOST./',
    'https://a.localhost/',
    'https://printer.local/',
    'https://printer.local./',
    'https://metadata.google.internal/computeMetadata/v1/',
    'https://router.home.arpa/',
    'https://nas.lan/',
    'https://intranet/',
    'https://intranet./',
    'https://example.com../',
    'https://a..example.com/',
    'https://10.0.0.1.nip.io/',
    'https://nip.io/',
    'https://app-127-0-0-1.sslip.io/',
    'https://127.0.0.1.xip.io/',
    'https://localtest.me/',
    'https://a.lvh.me/',
    'https://a.vcap.me/',
    'https://a.lacolhost.com./',
  ])('refuses the host of %s', (text) => {
    expect(checkPublicUrl(text)).toEqual({ reason: 'a URL on a public host' });
  });

  it.each([
    '0.0.0.0',
    '0.255.255.255',
    '10.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '127.0.0.1',
    '127.1',
    '127.0.0.1.',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '１２７.0.0.1',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '169.254.169.254',
    '0xa9fea9fe',
    '172.16.0.0',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '4294967295',
  ])('refuses the IPv4 address %s', (host) => {
    expect(checkPublicUrl(`https://${host}/`)).toEqual({ reason: 'a URL on a public host' });
  });

  it.each([
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::7f00:1',
    '::127.0.0.1',
    '::8.8.8.8',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::1',
    '100::1',
    '2001::1',
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:20::1',
    '2001:db8::1',
    '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff',
    '2002:7f00:1::1',
    '3fff::1',
    '5f00::1',
    'fc00::1',
    'fdff:ffff::1',
    'fe80::1',
    'febf::1',
    'fec0::1',
    'ff02::1',
  ])('refuses the IPv6 address %s', (host) => {
    expect(checkPublicUrl(`https://[${host}]/`)).toEqual({ reason: 'a URL on a public host' });
  });

  it.each([
    ['', 'an https: URL'],
    ['a.png', 'an https: URL'],
    ['https://', 'an https: URL'],
    ['https://256.256.256.256/', 'an https: URL'],
    ['https://1.2.3.4.5/', 'an https: URL'],
    ['https://[fe80::1%25eth0]/', 'an https: URL'],
    ['https://example.com:65536/', 'an https: URL'],
    ['http://example.com/', 'an https: URL'],
    ['ftp://example.com/', 'an https: URL'],
    ['file:///etc/passwd', 'an https: URL'],
    ['data:image/png;base64,AAAA', 'an https: URL'],
    ['blob:https://example.com/1', 'an https: URL'],
    ['https://user@example.com/', 'a URL without a user name and a password'],
    ['https://:secret@example.com/', 'a URL without a user name and a password'],
    ['https://example.com:22/', 'a URL on a port of the web, such as 443'],
    ['https://example.com:25/', 'a URL on a port of the web, such as 443'],
    ['https://example.com:6379/', 'a URL on a port of the web, such as 443'],
    ['https://example.com:0/', 'a URL on a port of the web, such as 443'],
    [`https://example.com/${'a'.repeat(2029)}`, 'a URL of at most 2048 characters'],
  ])('says of %s what is accepted', (text, reason) => {
    expect(checkPublicUrl(text)).toEqual({ reason });
  });

  it('lets a trusted origin be http and private, and nothing beside it', () => {
    const trusted = ['http://localhost:8787', 'https://10.0.0.1'];
    expect(isOpen('http://localhost:8787/images/1.png', trusted)).toBe(true);
    expect(isOpen('https://10.0.0.1/', trusted)).toBe(true);
    expect(isOpen('http://localhost:8788/', trusted)).toBe(false);
    expect(isOpen('https://localhost:8787/', trusted)).toBe(false);
    expect(isOpen('http://10.0.0.1/', trusted)).toBe(false);
    expect(isOpen('http://user@localhost:8787/', trusted)).toBe(false);
    expect(isOpen('blob:http://localhost:8787/1', trusted)).toBe(false);
  });
});
