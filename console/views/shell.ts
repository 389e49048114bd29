/** What stands around every view: where one can go, language and light, and whether the gateway answers. */
import { useEffect, useRef } from 'preact/hooks';
import { connection } from '../lib/connection.ts';
import { timeText } from '../lib/format.ts';
import { language, t, type Localised } from '../lib/language.ts';
import { linkTo, route } from '../lib/route.ts';
import { apiKey, asksForKey, signOut } from '../lib/session.ts';
import { chooseTheme, theme } from '../lib/theme.ts';
import { html, type Children } from '../parts/html.ts';
import { SignIn } from './sign-in.ts';

export interface Place {
  /** First part of the path. */
  path: string;
  text: Localised;
  View: () => unknown;
}

export function Shell({ places }: { places: readonly Place[] }) {
  const [first] = route.value.path;
  const place = places.find(({ path }) => path === first) ?? places[0];
  const title = place === undefined ? '' : t(place.text);
  useEffect(() => {
    document.title = `${title} · MKS Gateway`;
  }, [title]);
  useFocusOnArrival(route.value.path.join('/'));
  const mustSignIn = asksForKey && apiKey.value === '';
  return html`<a class="skip" href="#content" onClick=${skip}>
      ${t({ en: 'Skip to the content', tr: 'İçeriğe geç' })}
    </a>
    <header class="bar">
      <a class="brand" href=${linkTo('balances')}
        ><img src="console/style/icon.svg" alt="" /> MKS Gateway</a
      >
      ${!mustSignIn && html`<${Places} places=${places} current=${place} />`}
      <${Tools} />
    </header>
    <${LostBanner} />
    <main id="content" tabindex="-1">
      ${mustSignIn ? html`<${SignIn} />` : place && html`<${place.View} />`}
    </main>`;
}

/** Where one has gone to is where one reads on, by keyboard and by ear; not before one has gone anywhere. */
function useFocusOnArrival(place: string): void {
  const arrivals = useRef(0);
  useEffect(() => {
    arrivals.current += 1;
    if (arrivals.current > 1) document.getElementById('content')?.focus({ preventScroll: true });
  }, [place]);
}

/** The address belongs to the views: the skip link must not change it. */
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

function Places({ places, current }: { places: readonly Place[]; current: Place | undefined }) {
  return html`<nav aria-label=${t({ en: 'Views', tr: 'Görünümler' })}>
    <ul>
      ${places.map(
        (place) =>
          html`<li key=${place.path}>
            <a href=${linkTo(place.path)} aria-current=${place === current ? 'page' : undefined}
              >${t(place.text)}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`;
}

function Tools() {
  const other = language.value === 'en' ? 'tr' : 'en';
  const isDark = theme.value === 'dark';
  return html`<div class="tools">
    <button class="quiet" type="button" lang=${other} onClick=${() => (language.value = other)}>
      ${other === 'tr' ? 'Türkçe' : 'English'}
    </button>
    <button class="quiet" type="button" onClick=${() => chooseTheme(isDark ? 'light' : 'dark')}>
      ${isDark ? t({ en: 'Light', tr: 'Açık renk' }) : t({ en: 'Dark', tr: 'Koyu renk' })}
    </button>
    ${
      asksForKey &&
      apiKey.value !== '' &&
      html`<button class="quiet" type="button" onClick=${() => signOut()}>
        ${t({ en: 'Leave', tr: 'Çıkış' })}
      </button>`
    }
  </div>`;
}

/** Nothing is hidden while the gateway is away; it is said of when it is. */
function LostBanner(): Children {
  const { state, answeredAt } = connection.value;
  const since = answeredAt === 0 ? '–' : timeText(answeredAt);
  return html`<div role="status">
    ${
      state === 'lost' &&
      html`<p class="banner">
        ${t({
          en: `The gateway does not answer. What you see is of ${since}; it is tried again by itself.`,
          tr: `Geçit yanıt vermiyor. Gördükleriniz ${since} itibarıyladır; kendiliğinden yeniden denenir.`,
        })}
      </p>`
    }
  </div>`;
}
