/** Where the reader gives the key, once: it is kept for this tab until it is closed. */
import { t } from '../lib/language.ts';
import { signIn, wasRefused } from '../lib/session.ts';
import { textOf } from '../parts/filters.ts';
import { html } from '../parts/html.ts';

export function SignIn() {
  const enter = (event: SubmitEvent): void => {
    event.preventDefault();
    const key = textOf(new FormData(event.currentTarget as HTMLFormElement), 'key');
    if (key !== '') signIn(key);
  };
  return html`<form class="card sign-in" onSubmit=${enter}>
    <h1>${t({ en: 'Enter your key', tr: 'Anahtarınızı girin' })}</h1>
    <p class="muted">
      ${t({
        en: 'The API key that the operator of this gateway gave you. It stays in this tab until you close it.',
        tr: 'Bu geçidin operatörünün size verdiği API anahtarı. Bu sekmede, siz kapatana kadar kalır.',
      })}
    </p>
    ${
      wasRefused.value &&
      html`<p class="note bad" role="alert">
        ${t({ en: 'This key did not pass.', tr: 'Bu anahtar kabul edilmedi.' })}
      </p>`
    }
    <label class="field">
      <span>${t({ en: 'API key', tr: 'API anahtarı' })}</span>
      <input name="key" type="password" required autocomplete="off" spellcheck=${false} autofocus />
    </label>
    <button class="primary">${t({ en: 'Enter', tr: 'Giriş' })}</button>
  </form>`;
}
