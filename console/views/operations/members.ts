/** The members: tokens, papers that run out, queues, and their switch. */
import { useState } from 'preact/hooks';
import { call, problemFor } from '../../lib/api.ts';
import type { Member, Problem } from '../../lib/documents.ts';
import { countText, timeText } from '../../lib/format.ts';
import { t } from '../../lib/language.ts';
import { html } from '../../parts/html.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { Badge, type Tone } from '../../parts/state.ts';
import { TableFrame } from '../../parts/table.ts';

/** MKK wants a new certificate, and a new password, before it is over: then is when to begin. */
const SOON_DAYS = 30;

export function Members({
  members,
  onChange,
}: {
  members: readonly Member[];
  onChange: () => void;
}) {
  const [problem, setProblem] = useState<Problem>();
  const [busy, setBusy] = useState('');
  const turn = async ({ member, paused }: Member): Promise<void> => {
    setBusy(member);
    setProblem(undefined);
    try {
      await call(`/members/${member}/${paused ? 'resume' : 'pause'}`, { method: 'POST' });
      onChange();
    } catch (error) {
      setProblem(problemFor(error));
    } finally {
      setBusy('');
    }
  };
  const title = t({ en: 'Members', tr: 'Üyeler' });
  return html`<section class="card">
    <h2>${title}</h2>
    ${problem && html`<${ProblemNote} problem=${problem} />`}
    <${TableFrame} label=${title}>
      <thead>
        <tr>
          <th scope="col">${t({ en: 'Member', tr: 'Üye' })}</th>
          <th scope="col">${t({ en: 'State', tr: 'Durum' })}</th>
          <th scope="col">${t({ en: 'Token until', tr: 'Token bitişi' })}</th>
          <th scope="col">${t({ en: 'Certificate', tr: 'Sertifika' })}</th>
          <th scope="col">${t({ en: 'Password', tr: 'Şifre' })}</th>
          <th scope="col" class="number">${t({ en: 'Queue', tr: 'Sıra' })}</th>
          <th scope="col" class="number">${t({ en: 'With MKS', tr: 'MKS’de' })}</th>
          <th scope="col"><span class="hidden">${t({ en: 'Switch', tr: 'Anahtar' })}</span></th>
        </tr>
      </thead>
      <tbody>
        ${members.map(
          (member) =>
            html`<${MemberLine}
              key=${member.member}
              member=${member}
              isBusy=${busy === member.member}
              onTurn=${() => void turn(member)}
            />`,
        )}
      </tbody>
    <//>
  </section>`;
}

function MemberLine({
  member,
  isBusy,
  onTurn,
}: {
  member: Member;
  isBusy: boolean;
  onTurn: () => void;
}) {
  const { paused, token, certificate, next, password, queue } = member;
  const action = paused ? t({ en: 'Resume', tr: 'Başlat' }) : t({ en: 'Pause', tr: 'Durdur' });
  return html`<tr>
    <th scope="row">${member.member}</th>
    <td><${MemberState} member=${member} /></td>
    <td>
      ${token.expiresAt === undefined ? '–' : timeText(token.expiresAt)}
      ${token.reason && html`<div class="small muted">${token.reason}</div>`}
      ${
        token.loginPausedUntil &&
        html`<div class="small">
          ${t({ en: 'Login paused until', tr: 'Oturum açma bekletiliyor:' })}
          ${timeText(token.loginPausedUntil)}
        </div>`
      }
    </td>
    <td>
      <${DaysLeft} paper=${certificate} />
      ${next && html`<div class="small muted">${t({ en: 'next from', tr: 'sonraki:' })} ${timeText(next.validFrom)}</div>`}
    </td>
    <td><${DaysLeft} paper=${password} /></td>
    <td class="number">${countText(queue.length)}</td>
    <td class="number">${countText(queue.preparing)}</td>
    <td>
      <button
        type="button"
        disabled=${isBusy}
        onClick=${onTurn}
        aria-label=${`${action}: ${member.member}`}
      >
        ${action}
      </button>
    </td>
  </tr>`;
}

function MemberState({ member: { paused, canSign, shutOff } }: { member: Member }) {
  if (!canSign) {
    return html`<${Badge} tone="bad">${t({ en: 'Cannot sign', tr: 'İmzalayamıyor' })}<//>
      <div class="small">${shutOff?.detail}</div>`;
  }
  return paused
    ? html`<${Badge} tone="warn">${t({ en: 'Paused', tr: 'Durduruldu' })}<//>`
    : html`<${Badge} tone="good">${t({ en: 'Running', tr: 'Çalışıyor' })}<//>`;
}

function DaysLeft({ paper }: { paper: { daysLeft: number } | undefined }) {
  if (paper === undefined) return html`<span class="muted">–</span>`;
  const { daysLeft } = paper;
  const tone: Tone = daysLeft < 0 ? 'bad' : daysLeft <= SOON_DAYS ? 'warn' : 'plain';
  const text = t({ en: `${countText(daysLeft)} days`, tr: `${countText(daysLeft)} gün` });
  return tone === 'plain' ? html`<span>${text}</span>` : html`<${Badge} tone=${tone}>${text}<//>`;
}
