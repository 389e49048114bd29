/** Whether MKS is open and until when, and whose trouble it is if something does not work. */
import { timeText } from '../../lib/format.ts';
import { useDocument } from '../../lib/hooks.ts';
import { t, type Localised } from '../../lib/language.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { Badge, type Tone } from '../../parts/state.ts';
import { TableFrame } from '../../parts/table.ts';

interface Hours {
  services: { name: string; group?: number }[];
  items: {
    group: number;
    window: string;
    open: boolean;
    opensAt?: string;
    closesAt?: string;
    services: string[];
    note?: string;
  }[];
}

interface Call {
  time: string;
  service: string;
  detail?: string;
  code?: string;
}

interface Verdict {
  verdict: keyof typeof VERDICTS;
  members: {
    member: string;
    verdict: keyof typeof VERDICTS;
    failingSince?: string;
    evidence: { failuresInARow: number; lastAnswer?: Call; lastFailure?: Call };
  }[];
}

const REPORT_SERVICE = 'reports/account/balance-report';

const VERDICTS = {
  ok: { tone: 'good', text: { en: 'All is well', tr: 'Her şey yolunda' } },
  unknown: {
    tone: 'plain',
    text: { en: 'Nothing was sent yet', tr: 'Henüz bir şey gönderilmedi' },
  },
  closed: { tone: 'plain', text: { en: 'MKS is closed', tr: 'MKS kapalı' } },
  ours: {
    tone: 'bad',
    text: {
      en: 'Ours: Redis, a certificate or the address',
      tr: 'Bizde: Redis, sertifika veya adres',
    },
  },
  network: {
    tone: 'bad',
    text: { en: 'The network: no connection to MKS', tr: 'Ağda: MKS’ye bağlantı yok' },
  },
  'address-not-registered': {
    tone: 'bad',
    text: {
      en: 'MKK has no address registered for the user',
      tr: 'MKK’da kullanıcı için kayıtlı adres yok',
    },
  },
  login: { tone: 'bad', text: { en: 'The login is refused', tr: 'Oturum açma reddediliyor' } },
  signature: {
    tone: 'bad',
    text: { en: 'A signature does not hold', tr: 'Bir imza doğrulanmıyor' },
  },
  'mkk-down': {
    tone: 'warn',
    text: { en: 'At MKK: technical failures or silence', tr: 'MKK’da: teknik hata veya sessizlik' },
  },
} satisfies Record<string, { tone: Tone; text: Localised }>;

export function Upstream() {
  const hours = useDocument<Hours>('/service-hours', 30_000);
  const verdict = useDocument<Verdict>('/health/upstream', 10_000);
  return html`<div class="pair">
    <section class="card">
      <h2>${t({ en: 'Is MKS open?', tr: 'MKS açık mı?' })}</h2>
      ${hours.problem && !hours.document && html`<${ProblemNote} problem=${hours.problem} />`}
      ${hours.document && html`<${OpeningHours} hours=${hours.document} />`}
    </section>
    <section class="card">
      <h2>${t({ en: 'Does it work?', tr: 'Çalışıyor mu?' })}</h2>
      ${
        verdict.document
          ? html`<${Judged} verdict=${verdict.document} />`
          : verdict.problem &&
            html`<p class="muted">
              ${t({
                en: 'The verdict is told on the port for operators (OPERATIONS_PORT), not here.',
                tr: 'Sonuç burada değil, işletim portunda (OPERATIONS_PORT) bildirilir.',
              })}
            </p>`
      }
    </section>
  </div>`;
}

function OpeningHours({ hours }: { hours: Hours }) {
  const own = hours.services.find(({ name }) => name === REPORT_SERVICE)?.group;
  const group = hours.items.find((item) => item.group === own);
  const label = t({ en: 'Service hours', tr: 'Hizmet saatleri' });
  return html`${
      group &&
      html`<p>
        <${Badge} tone=${group.open ? 'good' : 'plain'}>${openText(group.open)}<//>
        ${' '}${untilText(group)}
      </p>`
    }
    <${TableFrame} label=${label}>
      <thead>
        <tr>
          <th scope="col">${t({ en: 'Services', tr: 'Servisler' })}</th>
          <th scope="col">${t({ en: 'Hours', tr: 'Saatler' })}</th>
          <th scope="col">${t({ en: 'Now', tr: 'Şimdi' })}</th>
        </tr>
      </thead>
      <tbody>
        ${hours.items
          .filter(({ services }) => services.length > 0)
          .map(
            (item) =>
              html`<tr key=${item.group}>
                <td class="prose"><code>${item.services.join(', ')}</code></td>
                <td>${item.window}</td>
                <td>${openText(item.open)}</td>
              </tr>`,
          )}
      </tbody>
    <//>`;
}

function openText(isOpen: boolean): string {
  return isOpen ? t({ en: 'Open', tr: 'Açık' }) : t({ en: 'Closed', tr: 'Kapalı' });
}

function untilText({ open, opensAt, closesAt }: Hours['items'][number]): string {
  const next = open ? closesAt : opensAt;
  if (next === undefined) return t({ en: 'at all hours', tr: 'günün her saatinde' });
  return open
    ? t({ en: `until ${timeText(next)}`, tr: `${timeText(next)} saatine kadar` })
    : t({ en: `opens ${timeText(next)}`, tr: `açılış ${timeText(next)}` });
}

function Judged({ verdict: { verdict, members } }: { verdict: Verdict }) {
  return html`<p role="status"><${VerdictBadge} verdict=${verdict} /></p>
    <ul class="plain">
      ${members.map((member) => html`<${JudgedMember} key=${member.member} judged=${member} />`)}
    </ul>`;
}

function VerdictBadge({ verdict }: { verdict: keyof typeof VERDICTS }) {
  const { tone, text } = VERDICTS[verdict];
  return html`<${Badge} tone=${tone}>${t(text)}<//>`;
}

function JudgedMember({ judged }: { judged: Verdict['members'][number] }) {
  const { member, verdict, failingSince, evidence } = judged;
  const { failuresInARow, lastFailure, lastAnswer } = evidence;
  const last = failuresInARow > 0 ? lastFailure : lastAnswer;
  return html`<li>
    <b>${member}</b>${' '}<${VerdictBadge} verdict=${verdict} />
    ${
      failuresInARow > 0 &&
      html`${' '}${t({ en: `${failuresInARow} failures in a row`, tr: `art arda ${failuresInARow} hata` })}
      ${failingSince && ` · ${timeText(failingSince)}`}`
    }
    ${
      last &&
      html`<div class="small muted">
        ${`${timeText(last.time)} · `}<code>${last.service}</code>${last.code && html`${' '}<code>${last.code}</code>`}${' '}${last.detail}
      </div>`
    }
  </li>`;
}
