import { inject } from 'vitest';
import { pictureBytes } from '../../fixtures/pictures/picture-bytes';

/** The URL here of a picture that was uploaded: what stands in for one on another's host. */
export async function uploadedPicture(): Promise<string> {
  const form = new FormData();
  form.append('asset', new Blob([pictureBytes('png')], { type: 'image/png' }), 'reference.png');
  const headers = { 'api-key': inject('key') };
  const response = await fetch(`${inject('origin')}/api/assets`, { method: 'POST', headers, body: form });
  const { asset }: { asset: { location: string } } = JSON.parse(await response.text());
  return asset.location;
}

/** What a picture here was made of. */
export async function recipeOf(pictureUrl: string): Promise<Readonly<Record<string, unknown>>> {
  const [, fingerprint] = /\/([0-9a-f]{64})\.\w+/.exec(pictureUrl) ?? [];
  const response = await fetch(`${inject('origin')}/images/${fingerprint}.json`);
  const { recipe }: { recipe: Record<string, unknown> } = JSON.parse(await response.text());
  return recipe;
}
