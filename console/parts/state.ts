/** States in words, each with its colour and shape. */
import type { ReportState, WaitingFor } from '../lib/documents.ts';
import { t, type Localised } from '../lib/language.ts';
import { html, type Children } from './html.ts';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'plain';

const STATES: Record<ReportState, { tone: Tone; text: Localised }> = {
  queued: { tone: 'busy', text: { en: 'Queued', tr: 'Sırada' } },
  preparing: { tone: 'busy', text: { en: 'Being prepared', tr: 'Hazırlanıyor' } },
  ready: { tone: 'good', text: { en: 'Ready', tr: 'Hazır' } },
  failed: { tone: 'bad', text: { en: 'Failed', tr: 'Başarısız' } },
  cancelled: { tone: 'plain', text: { en: 'Cancelled', tr: 'İptal edildi' } },
  expired: { tone: 'warn', text: { en: 'Expired', tr: 'Süresi doldu' } },
};

/** Why a report stands still, and that nobody has to do anything unless it says so. */
const WAITING: Record<WaitingFor, Localised> = {
  turn: {
    en: 'Waits for its turn: MKS makes one report of a member at a time.',
    tr: 'Sırasını bekliyor: MKS bir üye için aynı anda tek rapor hazırlar.',
  },
  'outside-service-hours': {
    en: 'MKS is closed. It starts by itself at opening.',
    tr: 'MKS kapalı. Açılışta kendiliğinden başlar.',
  },
  'mks-busy': {
    en: 'MKS is busy with another report. It is asked again by itself.',
    tr: 'MKS başka bir raporla meşgul. Kendiliğinden yeniden denenir.',
  },
  'mks-unreachable': {
    en: 'MKS cannot be reached. It is tried again by itself; operators see why.',
    tr: 'MKS’ye ulaşılamıyor. Kendiliğinden yeniden denenir; nedenini operatörler görür.',
  },
  'mks-error': {
    en: 'MKS answers with a technical failure. It is tried again by itself.',
    tr: 'MKS teknik hata veriyor. Kendiliğinden yeniden denenir.',
  },
  'mks-login-refused': {
    en: 'MKS refuses the login. Tell the operator: the password may have to be changed.',
    tr: 'MKS oturum açmayı reddediyor. Operatöre bildirin: şifre değişmeli olabilir.',
  },
  'mks-unknown-outcome': {
    en: 'The last message was not answered. The gateway finds out whether it arrived.',
    tr: 'Son mesaj yanıtsız kaldı. Ulaşıp ulaşmadığını geçit araştırıyor.',
  },
  'member-paused': {
    en: 'An operator has paused the member.',
    tr: 'Operatör üyeyi durdurdu.',
  },
};

export function Badge({ tone, children }: { tone: Tone; children?: Children }) {
  return html`<span class=${`state ${tone}`}>${children}</span>`;
}

export function StateBadge({ state }: { state: ReportState }) {
  const { tone, text } = STATES[state];
  return html`<${Badge} tone=${tone}>${t(text)}<//>`;
}

export function waitingText(reason: WaitingFor): string {
  return t(WAITING[reason]);
}

/** Whether it may still change. */
export function isLive(state: ReportState): boolean {
  return state === 'queued' || state === 'preparing';
}
