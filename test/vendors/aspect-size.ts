/**
 * What a vendor that takes an aspect ratio instead of pixels makes of it: multiples of 16 near to so many megapixels of
 * 1024×1024. Only the square of one megapixel is known for certain.
 */
export function aspectSize(aspectRatio: string, megapixels: number): { width: number; height: number } {
  const [across = 1, down = 1] = aspectRatio.split(':').map(Number);
  const edge = (ratio: number) => Math.round(Math.sqrt(megapixels * ratio) * 64) * 16;
  return { width: edge(across / down), height: edge(down / across) };
}
