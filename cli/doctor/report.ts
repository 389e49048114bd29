/** The findings as lines for people and as one object for machines. */
import { defined } from '../../src/lib/defined.ts';
import type { Language, Localised } from '../language.ts';
import type { CheckName, Finding, Mender, Status } from './finding.ts';

const SIGNS: Record<Status, string> = { ok: '✓', note: '·', warning: '!', failure: '✗' };

const NAMES: Record<CheckName, Localised> = {
  configuration: { en: 'configuration', tr: 'yapılandırma' },
  'secret-files': { en: 'secret files', tr: 'gizli dosyalar' },
  'serving-certificate': { en: 'our TLS certificate', tr: 'TLS sertifikamız' },
  'trusted-certificates': { en: "MKK's signing certificate", tr: 'MKK imza sertifikası' },
  certificate: { en: 'signing certificate', tr: 'imza sertifikası' },
  'signing-key': { en: 'signing key', tr: 'imza anahtarı' },
  'user-code': { en: 'user code', tr: 'kullanıcı kodu' },
  password: { en: 'password', tr: 'şifre' },
  name: { en: 'name', tr: 'ad çözümleme' },
  connection: { en: 'connection', tr: 'bağlantı' },
  tls: { en: 'TLS', tr: 'TLS' },
  clock: { en: 'clock', tr: 'saat' },
  'service-hours': { en: 'service hours', tr: 'servis saatleri' },
  token: { en: 'token', tr: 'token' },
  address: { en: 'registered address', tr: 'kayıtlı IP' },
  signed: { en: 'signed question', tr: 'imzalı soru' },
  redis: { en: 'Redis', tr: 'Redis' },
  'redis-persistence': { en: 'Redis on disk', tr: 'Redis kalıcılığı' },
  'redis-memory': { en: 'Redis memory', tr: 'Redis belleği' },
  disk: { en: 'disk', tr: 'disk' },
  folders: { en: 'folders of standing orders', tr: 'sürekli talimat klasörleri' },
  'sealing-keys': { en: 'sealing keys', tr: 'mühür anahtarları' },
  'time-stamp': { en: 'time stamp', tr: 'zaman damgası' },
};

const MENDERS: Record<Mender, Localised> = {
  operator: { en: 'whoever runs the gateway', tr: 'geçidi işleten' },
  member: { en: "the member, in MKS's screens", tr: 'üye, MKS ekranlarından' },
  network: { en: 'the network team', tr: 'ağ ekibi' },
  mkk: { en: 'MKK', tr: 'MKK' },
};

/** Whether it may go live. A warning is to be read, but nothing fails by it today. */
export function isWell(findings: readonly Finding[]): boolean {
  return findings.every(({ status }) => status !== 'failure');
}

/** Sign, name, what is the matter, who mends it. */
export function lineOf(finding: Finding, language: Language): string {
  const { check, member, status, text, mends } = finding;
  const name = `${NAMES[check][language]}${member === undefined ? '' : ` ${member}`}`;
  const mender = mends === undefined ? '' : ` → ${MENDERS[mends][language]}`;
  return `${SIGNS[status]} ${name}: ${text[language]}${mender}`;
}

/** The last line. */
export function summaryOf(findings: readonly Finding[], language: Language): string {
  const failures = findings.filter(({ status }) => status === 'failure').length;
  const warnings = findings.filter(({ status }) => status === 'warning').length;
  if (language === 'tr') {
    const rest = warnings === 0 ? '' : ` ${warnings} uyarı var.`;
    return `${failures === 0 ? 'Her şey yolunda.' : `${failures} sorun var.`}${rest}`;
  }
  const wrong = failures === 1 ? '1 thing is wrong.' : `${failures} things are wrong.`;
  const rest = warnings === 0 ? '' : ` ${warnings === 1 ? '1 warning' : `${warnings} warnings`}.`;
  return `${failures === 0 ? 'All is well.' : wrong}${rest}`;
}

/** For `--json`. */
export function documentOf(findings: readonly Finding[], language: Language, nowMs: number) {
  return {
    ok: isWell(findings),
    checkedAt: new Date(nowMs).toISOString(),
    checks: findings.map(({ check, member, status, text, mends }) => ({
      check,
      ...defined({ member }),
      status,
      text: text[language],
      ...defined({ mends }),
    })),
  };
}
