import { useState } from 'hono/jsx/dom';
import { codeText, keyVariable, type Language, languages } from '../samples/code-text';
import { composeRequest } from '../samples/compose-request';
import type { PictureSettings } from '../samples/picture-settings';
import type { RequestRecipe } from '../site-facts';
import { CopyButton } from './result-view';
import { named, Segments } from './segments';

export interface ApiTabProps {
  readonly origin: string;
  readonly recipes: readonly RequestRecipe[];
  /** Null while there is no prompt. */
  readonly picture: PictureSettings | null;
}

/** The picture on the bench as a request of each dialect, to be taken along as it stands. */
export function ApiTab({ origin, recipes, picture }: ApiTabProps) {
  const [dialect, setDialect] = useState('openai');
  const [language, setLanguage] = useState<Language>('curl');
  const titles = new Map(recipes.map((recipe) => [recipe.dialect, recipe.title]));
  return (
    <div class="api">
      <div class="api-choices">
        <label>
          <span>API</span>
          <select
            id="dialect"
            value={dialect}
            onChange={(event) => setDialect((event.target as HTMLSelectElement).value)}
          >
            {[...titles].map(([id, title]) => (
              <option key={id} value={id} selected={id === dialect}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <Segments label="Language" choices={named(languages)} chosen={language} choose={setLanguage} />
      </div>
      {picture === null ? (
        <p class="note">Once nothing on the bench needs a look, the request stands here.</p>
      ) : (
        <Sample
          origin={origin}
          recipes={recipes.filter((recipe) => recipe.dialect === dialect)}
          picture={picture}
          language={language}
        />
      )}
    </div>
  );
}

const strings = /("(?:[^"\\\n]|\\.)*")/;
const isForeign = (part: string) => /[^ -~\n]/.test(part);

/** Whatever direction a text is written in, the code beside it stands as it is. */
function Isolated({ code }: { readonly code: string }) {
  return <>{code.split(strings).map((part) => (isForeign(part) ? <bdi>{part}</bdi> : part))}</>;
}

interface SampleProps extends ApiTabProps {
  readonly picture: PictureSettings;
  readonly language: Language;
}

function Sample({ origin, recipes, picture, language }: SampleProps) {
  const composed = composeRequest(recipes, picture);
  const title = recipes[0]?.title ?? 'This API';
  if (composed.kind === 'impossible') {
    return (
      <div class="note" id="sample-impossible">
        <p>{title} has no words for exactly this picture:</p>
        <ul>
          {composed.reasons.map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
        </ul>
      </div>
    );
  }
  const code = codeText(language, { origin, recipe: composed.recipe, body: composed.body });
  return (
    <>
      <section class="code" aria-label="The request">
        <pre id="sample" dir="ltr" tabindex={0}>
          <Isolated code={code} />
        </pre>
        <CopyButton label="Copy" text={code} />
      </section>
      {composed.notes.map((note) => (
        <p class="hint" key={note}>
          {note}
        </p>
      ))}
      <p class="hint">
        Runs as it stands with your key in <code>{keyVariable}</code>. The same picture, whichever API you take.{' '}
        <a href={composed.recipe.documentation}>{title}'s own documentation</a>.
      </p>
    </>
  );
}
