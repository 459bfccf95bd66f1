import { describe, expect, it } from 'vitest';
import { limits } from '../../src/core/image-request';
import { benchOf, emptyBench } from '../../src/web/browser/bench-state';

describe('the bench of a link', () => {
  it.each(['', '%20'])('is as an empty one where its values are "%s"', (value) => {
    const names = ['size', 'steps', 'guidance', 'seed', 'safety', 'format', 'quality'];
    const fragment = `#prompt=x&${names.map((name) => `${name}=${value}`).join('&')}`;
    const [first, second] = [benchOf(fragment, limits), benchOf(fragment, limits)];
    // A seed is drawn, as it is where nothing is said of it.
    expect(first.seed).not.toBe(second.seed);
    expect({ ...first, seed: 0 }).toEqual({ ...emptyBench, promptText: 'x' });
  });

  it('takes zeros that are said', () => {
    expect(benchOf('#seed=0&safety=0', limits)).toMatchObject({ seed: 0, safetyTolerance: 0 });
  });
});
