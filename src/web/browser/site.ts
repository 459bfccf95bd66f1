import '../styles/site.css';

/** What every page has: the choice of light or dark, and buttons that copy the text beside them. */
const themeName = 'fluxgate-theme';
const root = document.documentElement;

const chosen = readTheme();
if (chosen !== null) root.dataset.theme = chosen;

document.addEventListener('click', (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest('[data-theme-toggle]')) toggleTheme();
  const copy = target?.closest<HTMLButtonElement>('[data-copy]');
  if (copy) void copyBeside(copy);
});

function toggleTheme(): void {
  const isDark = root.dataset.theme
    ? root.dataset.theme === 'dark'
    : matchMedia('(prefers-color-scheme: dark)').matches;
  root.dataset.theme = isDark ? 'light' : 'dark';
  try {
    localStorage.setItem(themeName, root.dataset.theme);
  } catch {
    // A browser that keeps nothing shows the choice until the page is left.
  }
}

function readTheme(): string | null {
  try {
    const theme = localStorage.getItem(themeName);
    return theme === 'light' || theme === 'dark' ? theme : null;
  } catch {
    return null;
  }
}

async function copyBeside(button: HTMLButtonElement): Promise<void> {
  const text = button.parentElement?.querySelector('pre')?.textContent ?? '';
  const label = button.textContent;
  const isCopied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  button.textContent = isCopied ? 'Copied' : 'Select and copy it by hand';
  setTimeout(() => {
    button.textContent = label;
  }, 1_500);
}
