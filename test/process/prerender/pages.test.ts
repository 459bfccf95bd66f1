import { describe, expect, test } from 'vitest';
import { readPage } from '../../../src/cli/prerender/page';
import { type PictureParameters, seedOfPrompt } from '../../../src/cli/prerender/picture-parameters';
import { placeText } from '../../../src/cli/prerender/place';
import { rewritten } from '../../../src/cli/prerender/rewritten-page';
import { edited, type ShownPicture } from '../../../src/cli/prerender/shown-picture';

const prompts = (path: string, text: string) =>
  (readPage(path, text)?.pictures ?? []).map(({ parameters }) => parameters.prompt);
const issues = (path: string, text: string) =>
  (readPage(path, text)?.issues ?? []).map(({ place, message }) => `${placeText(place)}  ${message}`);
const shown: ShownPicture = {
  ...{
    src: '/p.webp?a=1&b=2',
    srcset: '/p.webp?w=9 9w',
    width: 640,
    height: 320,
    thumbhash: 'aGFzaA==',
    color: '#aabbcc',
  },
};
const rewrite = (path: string, text: string, picture = shown) => {
  const page = readPage(path, text);
  return page === null
    ? text
    : rewritten(
        page,
        () => 'f',
        () => picture,
      );
};

describe('the pictures of a page', () => {
  test.each([
    ['an image', 'a.html', '<img data-flux-prompt="A fox">', ['A fox']],
    ['an element', 'a.html', '<flux-image prompt="A fox"></flux-image>', ['A fox']],
    [
      'quotes of every kind',
      'a.html',
      `<img data-flux-prompt='A "fox"'><img data-flux-prompt=fox>`,
      ['A "fox"', 'fox'],
    ],
    ['entities', 'a.html', '<img data-flux-prompt="A &amp; &quot;B&quot; &#x1F98A; &eacute;">', ['A & "B" 🦊 é']],
    ['letter case', 'a.html', '<IMG DATA-FLUX-PROMPT="A fox">', ['A fox']],
    ['lines within a tag', 'a.html', '<img\r\n  data-flux-prompt="A\nfox"\r\n>', ['A\nfox']],
    ['no comment', 'a.html', '<!-- <img data-flux-prompt="A fox"> -->', []],
    [
      'no script and no style',
      'a.html',
      '<script>"<img data-flux-prompt=a>"</script><style><img data-flux-prompt=a></style>',
      [],
    ],
    ['no text area', 'a.html', '<textarea><img data-flux-prompt="a"></textarea>', []],
    ['what is for those without scripts', 'a.html', '<noscript><img data-flux-prompt="a"></noscript>', ['a']],
    ['templates', 'a.html', '<template><img data-flux-prompt="a"></template>', ['a']],
    ['misplaced in tables', 'a.html', '<table><img data-flux-prompt="a"><tr></table>', ['a']],
    ['a picture that is there', 'a.html', '<flux-image src="/a.png"></flux-image>', []],
    ['none that a page orders itself', 'a.html', '<flux-image prompt="a" key="fg_pub_a"></flux-image>', []],
    ['a byte order mark', 'a.html', '\ufeff<img data-flux-prompt="a">', ['a']],
    [
      'Markdown in its flow',
      'a.md',
      'Hi\n\n<img data-flux-prompt="a">\n\nand <img data-flux-prompt="b"> there',
      ['a', 'b'],
    ],
    [
      'no code',
      'a.md',
      '`<img data-flux-prompt="a">`\n\n    <img data-flux-prompt="b">\n\n```html\n<img data-flux-prompt="c">\n```',
      [],
    ],
    ['no longer fences', 'a.md', '~~~~\n```\n<img data-flux-prompt="a">\n~~~\n~~~~\n', []],
    ['nothing that is escaped', 'a.md', '\\<img data-flux-prompt="a">', []],
    ['no front matter', 'a.md', '---\na: <img data-flux-prompt="a">\n---\n<img data-flux-prompt="b">', ['b']],
    ['a quotation', 'a.md', '> <img\n> data-flux-prompt="a"\n> width="64" height="64">', ['a']],
    ['a list', 'a.md', '- x\n  <img data-flux-prompt="a">', ['a']],
    [
      'MDX',
      'a.mdx',
      'import A from "a"\n\n<A>\n  <img data-flux-prompt="a &amp; b" />\n</A>\n\ntext <flux-image prompt="c"></flux-image>',
      ['a & b', 'c'],
    ],
    [
      'no comment in MDX',
      'a.mdx',
      '{/* <img data-flux-prompt="a" /> */}\n\nb {/* <flux-image prompt="c" /> */} d\n',
      [],
    ],
    [
      'no comment behind a program',
      'a.mdx',
      '{1 /* <img data-flux-prompt="a" /> */}\n\nexport const a = 1 // <img data-flux-prompt="a" />\n',
      [],
    ],
    [
      'no string of a program in MDX, and none that a page orders itself',
      'a.mdx',
      'export const a = `<img data-flux-prompt="a">`\nexport const b = <flux-image key="fg_pub_a" prompt="b" />\n\n<X code={\'<flux-image prompt="c">\'} />\n',
      [],
    ],
    [
      'literals in braces',
      'a.mdx',
      'é <img data-flux-prompt={"a &amp; b"} width={640} height={320} />\n\n<flux-image prompt={`c`} seed={7}></flux-image>\n\n<flux-image prompt={\'d\'} />',
      ['a &amp; b', 'c', 'd'],
    ],
    ['no code in MDX', 'a.mdx', '`<img data-flux-prompt="a" />`\n\n```\n<img data-flux-prompt="a" />\n```\n', []],
  ])('are found: %s', (_, path, text, expected) => {
    expect(prompts(path, text)).toEqual(expected);
    expect(issues(path, text)).toEqual([]);
  });

  test('have every parameter, and a seed of their own', () => {
    const [picture] = readPage('a.html', '<img data-flux-prompt="A fox">')?.pictures ?? [];
    const expected: PictureParameters = {
      ...{ prompt: 'A fox', seed: seedOfPrompt('A fox'), width: 1024, height: 1024, steps: 50, guidance: 5 },
    };
    expect(picture).toMatchObject({ parameters: expected, format: 'webp' });
    const all = 'data-flux-seed=7 data-flux-steps=" 4" data-flux-guidance=2.5 data-flux-format=png';
    const size = 'data-flux-width=640 data-flux-height=320 width=100';
    const [other] = readPage('a.html', `<img data-flux-prompt="A fox" ${all} ${size}>`)?.pictures ?? [];
    expect(other?.parameters).toEqual({ prompt: 'A fox', seed: 7, width: 640, height: 320, steps: 4, guidance: 2.5 });
    expect(other?.format).toBe('png');
  });

  test.each([
    ['<img data-flux-prompt="">', '1:6  The prompt is empty.'],
    [
      '\n <img data-flux-prompt=a data-flux-seed=-1>',
      '2:26  The seed "-1" is not right: expected a whole number from 0',
    ],
    [
      '<img data-flux-prompt=a data-flux-steps=51>',
      '1:25  The steps "51" is not right: expected a whole number from 1 to 50',
    ],
    ['<img data-flux-prompt=a width=100% height=5>', '1:25  The width "100%" is not right'],
    ['<img data-flux-prompt=a width=640>', '1:25  Give both a width and a height'],
    ['<img data-flux-prompt=a data-flux-sede=1>', '1:25  data-flux-sede is not known'],
    ['<img data-flux-prompt=a data-flux-format=gif>', '1:25  The format "gif" is not known: expected png, jpeg, webp.'],
    ['<img data-flux-prompt="{{ page.title }}">', '1:6  The prompt is a template'],
    ['<flux-image prompt="a">', '1:1  It is not closed'],
    ['<flux-image width=64 height=64></flux-image>', '1:1  It names no prompt.'],
    ['<flux-image prompt=a><img data-flux-prompt=b></flux-image>', '1:1  It has a picture inside'],
  ])('are refused with their place: %s', (text, expected) => {
    expect(issues('a.html', text).join('\n')).toContain(`a.html:${expected}`);
  });

  test.each([
    ['<flux-image prompt={prompt} />', '1:13  The prompt is an expression'],
    ['<flux-image prompt={`a $' + '{fox}`} />', '1:13  The prompt is an expression'],
    ['{/* a */ wide && <img data-flux-prompt="a" />}', '1:18  A picture inside of {…} or an export is out of reach.'],
    ['{wide && <img data-flux-prompt="a" />}', '1:10  A picture inside of {…} or an export is out of reach.'],
    ['export const a = <img data-flux-prompt="a" />', '1:18  A picture inside of'],
    ['<X\n  render={() => <img data-flux-prompt="a" />} />', '2:17  A picture inside of'],
    ['text <X {...{ a: <flux-image prompt="a" /> }} />', '1:18  A picture inside of'],
  ])('that only a program knows are refused: %s', (text, expected) => {
    expect(issues('a.mdx', text).join('\n')).toContain(`a.mdx:${expected}`);
  });

  test('in MDX that cannot be read are an error with its place', () => {
    const text = '# Hi\n\n<img data-flux-prompt="a" /> {a b}';
    expect(() => readPage('a.mdx', text)).toThrow(/^a\.mdx:3:\d+ {2}Could not parse expression/);
    expect(issues('a.mdx', '<flux-image prompt="a">')).toEqual([
      'a.mdx:1:1  It is not closed: write </flux-image> behind it.',
    ]);
  });
});

describe('a page with its pictures', () => {
  test.each([
    ['a.html', "<p a='1'>é\r\n<IMG  data-flux-prompt=a\tALT=x>\r\n</p >"],
    ['a.md', '# Hi\n\n* a\n* b <img data-flux-prompt="a"> `<img data-flux-prompt="b">`\n'],
    ['a.mdx', '<A b={1}/>\n\n<img data-flux-prompt="a" {...b} />\n'],
    ['a.html', '\ufeff<flux-image prompt="a" alt="&lt;A&gt;"></flux-image>'],
    ['a.mdx', 'x <flux-image prompt="a"/> y'],
    ['a.html', '<flux-image prompt="a" fetchpriority="high"></flux-image>'],
    ['a.mdx', 'x <flux-image prompt={"a"} width={640} height={320} alt={title} /> y'],
  ])('is changed in its tags alone, and not again: %s %s', (path, text) => {
    const once = rewrite(path, text);
    expect(once).not.toBe(text);
    expect(rewrite(path, once)).toBe(once);
    expect(prompts(path, once)).toEqual(prompts(path, text));
    const [tag] = readPage(path, text)?.pictures.map((picture) => picture.tag) ?? [];
    expect(once.slice(0, tag?.start)).toBe(text.slice(0, tag?.start));
    const behind = text.slice(tag?.end);
    expect(once.endsWith(behind)).toBe(true);
  });

  test('has what a browser needs, and keeps what the page says', () => {
    const once = rewrite('a.html', '<img data-flux-prompt="a" loading=eager sizes="50vw" src="old.png">');
    expect(once).toBe(
      '<img data-flux-prompt="a" loading=eager sizes="50vw" src="/p.webp?a=1&amp;b=2" srcset="/p.webp?w=9 9w" data-flux-thumbhash="aGFzaA==" data-flux-color="#aabbcc" width="640" height="320" decoding="async">',
    );
  });

  test('shows an element without scripts, too', () => {
    const inside = 'src="/p.webp?a=1&amp;b=2" srcset="/p.webp?w=9 9w"';
    expect(rewrite('a.html', '<flux-image prompt="a" alt="A &quot;fox&quot;"></flux-image>')).toBe(
      `<flux-image prompt="a" alt="A &quot;fox&quot;" thumbhash="aGFzaA==" color="#aabbcc" width="640" height="320"><img ${inside} width="640" height="320" alt="A &quot;fox&quot;" sizes="(max-width: 640px) 100vw, 640px" loading="lazy" decoding="async"></flux-image>`,
    );
    const given = rewrite('a.html', '<flux-image prompt="a" loading="eager"><img alt="mine" class="c"></flux-image>');
    expect(given).toContain(`<img alt="mine" class="c" ${inside}`);
    expect(given).toContain(' loading="eager" decoding="async"></flux-image>');
  });

  test.each([
    ['alt', 'alt="A"', 'alt="B"', ' alt="B"'],
    ['sizes', '', 'sizes="50vw"', ' sizes="50vw"'],
    ['loading', 'loading="lazy"', 'loading="eager"', ' loading="eager"'],
    ['fetchpriority', '', 'fetchpriority="high"', ' fetchpriority="high"'],
    ['width', 'width="640" height="320"', 'width="320" height="160"', ' width="320" height="160"'],
    [
      'sizes of a width',
      'width="640" height="320"',
      'width="320" height="160"',
      ' sizes="(max-width: 320px) 100vw, 320px"',
    ],
  ])('follows a later edit of an element: its %s', (_, before, after, expected) => {
    const once = rewrite('a.html', `<flux-image prompt="a" ${before}></flux-image>`);
    const edit = rewrite('a.html', once.replace(`<flux-image prompt="a" ${before}`, `<flux-image prompt="a" ${after}`));
    const [image = ''] = /<img[^>]*>/.exec(edit) ?? [];
    expect(image).toContain(expected);
    expect(image.split(expected)).toHaveLength(2);
    expect(rewrite('a.html', edit)).toBe(edit);
  });

  test("keeps what an author's own image says where the element says nothing", () => {
    const own = '<flux-image prompt="a"><img alt="mine" sizes="9vw" loading="eager" width="9"></flux-image>';
    for (const kept of ['alt="mine"', 'sizes="9vw"', 'loading="eager"']) expect(rewrite('a.html', own)).toContain(kept);
    expect(rewrite('a.html', rewrite('a.html', own))).toBe(rewrite('a.html', own));
  });

  test('takes no text of a picture for markup', () => {
    const nasty = { ...shown, src: '/"><script>alert(1)</script>' };
    expect(rewrite('a.html', '<img data-flux-prompt="a">', nasty)).not.toContain('<script>');
  });

  test('is put together from its edits in their order', () => {
    const edits = [
      { start: 3, end: 4, text: 'D' },
      { start: 0, end: 0, text: '>' },
    ];
    expect(edited('abcd', edits)).toBe('>abcD');
  });
});
