import { illustrations } from './illustrations';
import type { SiteFacts } from './site-facts';

/** Pictures that the operator chose; where there are none, drawings of what the model does, which say that they are. */
export function PictureStrip({ facts: { featured } }: { readonly facts: SiteFacts }) {
  if (featured.length > 0) {
    return (
      <section class="strip" aria-label="Pictures made here">
        <ul>
          {featured.map(({ fingerprint, width, height, prompt }) => (
            <li>
              <a href={`/workbench#from=${fingerprint}`}>
                <img
                  src={`/images/${fingerprint}.webp?h=480&fit=scale-down`}
                  width={Math.round((480 * width) / height)}
                  height="480"
                  alt={prompt}
                  loading="lazy"
                />
              </a>
            </li>
          ))}
        </ul>
      </section>
    );
  }
  return (
    <section class="strip" aria-label="What the model does">
      <ul tabindex={0}>
        {illustrations.map(({ caption, drawing }) => (
          <li>
            <figure>
              {drawing}
              <figcaption>{caption}</figcaption>
            </figure>
          </li>
        ))}
      </ul>
      <p class="aside">Drawn for this page, not made by the model.</p>
    </section>
  );
}
