import type { SiteFacts } from './site-facts';

/** Every parameter: its range, its default, what it does, and what other APIs call it. */
export function ModelParameters({ facts: { parameters } }: { readonly facts: SiteFacts }) {
  return (
    <section aria-labelledby="parameters">
      <h2 id="parameters">Parameters</h2>
      <p class="aside">
        Under the names of the OpenAI dialect, which has them all. The last column says what the same parameter is
        called in the others.
      </p>
      <section class="scroll" tabindex={0} aria-label="Table of parameters">
        <table class="parameters">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Takes</th>
              <th scope="col">Default</th>
              <th scope="col">What it does</th>
              <th scope="col">Also called</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map((parameter) => (
              <tr>
                <th scope="row">
                  <code>{parameter.name}</code>
                </th>
                <td class="data">{parameter.accepts}</td>
                <td class="data">{parameter.default}</td>
                <td>{parameter.description}</td>
                <td class="data">{parameter.alsoNamed.join(', ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
