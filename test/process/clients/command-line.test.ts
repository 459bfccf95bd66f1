import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { pictureBytes } from '../../fixtures/pictures/picture-bytes';
import { pictureAt, pictureOfBase64 } from '../support/fetched-picture.ts';
import { printedBy, runPythonFile, runShell } from '../support/run-program.ts';
import { recipeOf } from '../support/uploads.ts';

const folder = mkdtempSync(join(tmpdir(), 'fluxgate-command-line-'));
const picture = join(folder, 'picture.png');
writeFileSync(picture, pictureBytes('png'));
afterAll(() => rmSync(folder, { recursive: true }));

const variables = { URL: inject('origin'), KEY: inject('key'), PICTURE: picture, FOLDER: folder };
const json = '-s -H "Content-Type: application/json"';
const bearer = `${json} -H "Authorization: Bearer $KEY"`;

/** What a command line prints, as JSON. */
async function answered<Answer>(line: string): Promise<Answer> {
  return JSON.parse(printedBy(await runShell(line, variables)));
}

describe('curl', () => {
  it('edits files of a form, and gets the picture itself', async () => {
    const line = `curl -s $URL/v1/images/edits -H "Authorization: Bearer $KEY" -F "image[]=@$PICTURE" -F "image[]=@$PICTURE" \
      -F prompt="curl: edit" -F size=64x64 -F steps=4 -F prompt_upsampling=false`;
    const { data } = await answered<{ data: { b64_json: string }[] }>(line);
    expect(pictureOfBase64(data[0]?.b64_json)).toMatchObject({ format: 'png', width: 64 });
  });

  it('downloads a picture by its URL, with a stray key or without', async () => {
    const body = `'{"prompt":"curl: download","size":"64x64"}'`;
    const { data } = await answered<{ data: { url: string }[] }>(
      `curl ${bearer} $URL/v1/images/generations -d ${body}`,
    );
    const download = (options: string) => `curl -sS -f -o "$FOLDER/out.png" ${options} ${data[0]?.url}`;
    for (const options of ['', '-H "Authorization: Bearer stray"', '-H "Authorization: Bearer $KEY"']) {
      printedBy(await runShell(`${download(options)} && cmp -n 8 "$FOLDER/out.png" "$PICTURE"`, variables));
    }
  });

  it('follows a stream', async () => {
    const body = `'{"prompt":"curl: stream","size":"64x64","stream":true}'`;
    const printed = printedBy(await runShell(`curl -N ${bearer} $URL/v1/images/generations -d ${body}`, variables));
    const [, event, data = ''] = /^event: (\S+)\ndata: (.+)\n\n$/.exec(printed) ?? [];
    expect(event).toBe('image_generation.completed');
    expect(pictureOfBase64(JSON.parse(data).b64_json)).toMatchObject({ width: 64 });
  });

  it('polls in a loop of the shell', async () => {
    const body = `'{"prompt":"curl: poll","width":64,"height":64,"output_format":"png"}'`;
    const line = `
      polling_url=$(curl ${json} -H "x-key: $KEY" $URL/v1/flux-2-flex -d ${body} | grep -o '"polling_url":"[^"]*"' | cut -d'"' -f4)
      until curl -s "$polling_url" -H "x-key: $KEY" | tee "$FOLDER/result" | grep -q '"Ready"'; do sleep 0.1; done
      cat "$FOLDER/result"`;
    const { result } = await answered<{ result: { sample: string } }>(line);
    expect(await pictureAt(result.sample)).toMatchObject({ format: 'png', width: 64 });
  });

  it("sends fal's queue JSON without naming its type, as fal's samples do, and cancels", async () => {
    const submit = `curl -s -X POST $URL/fal/fal-ai/flux-2-flex -H "Authorization: Key $KEY" -d '{"prompt":"curl: sandbox:slow"}'`;
    const { cancel_url } = await answered<{ cancel_url: string }>(submit);
    const cancel = `curl -s -X PUT ${cancel_url} -H "Authorization: Key $KEY"`;
    expect(await answered(cancel)).toEqual({ status: 'CANCELLATION_REQUESTED' });
  });

  it.each([
    { dialect: 'openai', route: '/v1/images/generations', header: 'Authorization: Bearer', status: 401 },
    { dialect: 'BFL', route: '/v1/flux-2-flex', header: 'x-key:', status: 403 },
    { dialect: 'CometAPI', route: '/flux/v1/flux-2-flex', header: 'Authorization:', status: 401 },
    { dialect: 'hinow', route: '/v1/images', header: 'Authorization: Bearer', status: 401 },
    { dialect: 'oxen', route: '/api/ai/images/generate', header: 'Authorization: Bearer', status: 401 },
    { dialect: '1min.ai', route: '/api/features', header: 'API-KEY:', status: 401 },
    { dialect: 'Replicate', route: '/replicate/v1/predictions', header: 'Authorization: Token', status: 401 },
    { dialect: 'fal', route: '/fal/run/fal-ai/flux-2-flex', header: 'Authorization: Key', status: 401 },
    { dialect: 'chat', route: '/v1/chat/completions', header: 'Authorization: Bearer', status: 401 },
  ])('is told in $dialect that its key is wrong', async ({ route, header, status }) => {
    const options = `${json} -w '\\n%{http_code}' -H "${header} fg_wrong" -d '{"prompt":"x"}'`;
    const [body = '', code] = printedBy(await runShell(`curl ${options} $URL${route}`, variables)).split('\n');
    expect(Number(code)).toBe(status);
    expect(Object.keys(JSON.parse(body)).length).toBeGreaterThan(0);
    expect(body).not.toContain('fg_wrong');
  });
});

if (inject('pythonPackages').includes('requests')) {
  describe("Python's requests", () => {
    const cases = {
      openai: ['image_generation.completed'],
      bfl: ['Ready'],
      hinow: [true, true],
      chat: ['[DONE]'],
      oxen: ['succeeded', 'cancelled'],
      onemin: ['IMAGE_EDITOR', 'SUCCESS'],
      replicate: ['succeeded', 'succeeded', 'canceled'],
      fal: ['COMPLETED', 'CANCELLATION_REQUESTED'],
    };
    interface Printed {
      readonly urls: readonly string[];
      readonly edits: readonly string[];
      readonly inline: readonly string[];
      readonly told: readonly unknown[];
    }

    it.each(Object.entries(cases))('gets pictures from %s', async (dialect, told) => {
      const ran = await runPythonFile('dialects.py', [dialect], variables);
      const printed: Printed = JSON.parse(printedBy(ran));
      expect(printed.told).toEqual(told);
      const linked = await Promise.all([...printed.urls, ...printed.edits].map(pictureAt));
      expect([...linked, ...printed.inline.map(pictureOfBase64)].length).toBeGreaterThan(0);
      for (const url of printed.edits) expect(await recipeOf(url)).toHaveProperty('references.0');
      for (const url of printed.urls) expect(await recipeOf(url)).toHaveProperty('references', []);
    });
  });
}
