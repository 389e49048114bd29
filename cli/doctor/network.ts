/** The way to MKS: name, connection, proxy, TLS, clock; and whether MKS is open now. */
import type { Config } from '../../src/config.ts';
import { toIstanbulTimestamp } from '../../src/lib/dates.ts';
import type { HoursGroup, ServiceHours } from '../../src/mks/hours.ts';
import type { ProbeReport } from './probe.ts';
import { failure, note, ok, printable, warning, type Finding } from './finding.ts';

const CLOCK_WARNING_MS = 5_000;
const CLOCK_FAILURE_MS = 60_000;

/** Whether a message could come through: the last step of the way stands. */
export function isReachable({ connection, tunnel, tls }: ProbeReport): boolean {
  return connection?.ok === true && tunnel?.ok !== false && tls?.ok !== false;
}

/** One finding for each step that was walked. */
export function* examineWay(report: ProbeReport, config: Config): Generator<Finding> {
  yield { check: 'name', ...explainName(report, config) };
  if (report.connection !== undefined) {
    yield { check: 'connection', ...explainConnection(report, config) };
  }
  if (report.tunnel?.ok === false) yield { check: 'connection', ...explainTunnel(report) };
  if (report.tls !== undefined) yield { check: 'tls', ...explainTls(report, config) };
  else if (isReachable(report)) {
    const en = 'plain http to this machine: for tests alone';
    yield { check: 'tls', ...note(en, 'bu makineye düz http: yalnız denemeler için') };
  }
  if (isReachable(report)) yield { check: 'clock', ...explainClock(report) };
}

function explainName({ name, target }: ProbeReport, config: Config) {
  const host = target.replace(/:\d+$/, '');
  if (name.ok) {
    const addresses = name.addresses.join(', ');
    if (config.proxyUrl !== undefined) {
      return ok(`proxy ${host} is ${addresses}`, `vekil sunucu ${host} adresi ${addresses}`);
    }
    if (config.hostAddress !== undefined) {
      const by = 'MKS_HOST_ADDRESS';
      return ok(`${host} is ${addresses} by ${by}`, `${host} adresi ${by} ile ${addresses}`);
    }
    return ok(`${host} is ${addresses}`, `${host} adresi ${addresses}`);
  }
  if (config.line === 'exchange' && config.proxyUrl === undefined) {
    return failure(
      'operator',
      `${host} is not in public DNS: set MKS_HOST_ADDRESS to the IP that MİM360 gives you (${name.code})`,
      `${host} genel DNS’te yoktur: MKS_HOST_ADDRESS alanına MİM360’ın verdiği IP’yi yazın (${name.code})`,
    );
  }
  return failure(
    'network',
    `${host} cannot be looked up (${name.code})`,
    `${host} adı çözülemiyor (${name.code})`,
  );
}

function explainConnection({ connection, target }: ProbeReport, { egressAddress }: Config) {
  if (connection === undefined || connection.ok) {
    const { remoteAddress = '', localAddress = '', elapsedMs = 0 } = connection ?? {};
    return ok(
      `${target} (${remoteAddress}) in ${elapsedMs} ms, from ${localAddress}`,
      `${target} (${remoteAddress}) ${elapsedMs} ms içinde, ${localAddress} adresinden`,
    );
  }
  const { code } = connection;
  if (code === 'ECONNREFUSED') {
    return failure(
      'network',
      `${target} refuses the connection: it is down, or a firewall answers for it (${code})`,
      `${target} bağlantıyı reddediyor: kapalı ya da yerine güvenlik duvarı yanıtlıyor (${code})`,
    );
  }
  if (code === 'EADDRNOTAVAIL' && egressAddress !== undefined) {
    return failure(
      'operator',
      `cannot connect from MKS_EGRESS_ADDRESS ${egressAddress} (${code})`,
      `MKS_EGRESS_ADDRESS ${egressAddress} adresinden bağlanılamıyor (${code})`,
    );
  }
  return failure(
    'network',
    `${target} cannot be reached (${code}): routing, the firewall, or an address not registered in TU14`,
    `${target} adresine ulaşılamıyor (${code}): yönlendirme, güvenlik duvarı ya da TU14’te kayıtsız IP`,
  );
}

function explainTunnel({ tunnel }: ProbeReport) {
  const code = tunnel?.ok === false ? tunnel.code : '';
  if (code === 'HTTP 407') {
    return failure(
      'operator',
      'the proxy wants a user and password: put them into MKS_PROXY_URL (HTTP 407)',
      'vekil sunucu kullanıcı ve parola istiyor: MKS_PROXY_URL içine yazın (HTTP 407)',
    );
  }
  return failure(
    'network',
    `the proxy does not connect us with MKS (${code})`,
    `vekil sunucu MKS’ye bağlamıyor (${code})`,
  );
}

const UNKNOWN_ISSUER =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF)\w*|CERT_UNTRUSTED)/;

function explainTls({ tls, target }: ProbeReport, { baseUrl, ca }: Config) {
  const { hostname } = new URL(baseUrl);
  if (tls === undefined || tls.ok) {
    const { protocol = '', issuer = '', validTo = 0 } = tls ?? {};
    const on = toIstanbulTimestamp(validTo).slice(0, 10);
    const by = printable(issuer);
    return ok(
      `${protocol}; ${hostname} is vouched for by ${by}, until ${on}`,
      `${protocol}; ${hostname} için ${by} kefil, ${on} tarihine kadar`,
    );
  }
  const { code } = tls;
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = printable(tls.detail ?? '?');
    return failure(
      'operator',
      `the certificate is for ${names}, not for ${hostname}: is MKS_BASE_URL or MKS_HOST_ADDRESS wrong? (${code})`,
      `sertifika ${hostname} için değil, ${names} için: MKS_BASE_URL veya MKS_HOST_ADDRESS yanlış mı? (${code})`,
    );
  }
  if (UNKNOWN_ISSUER.test(code)) {
    const en =
      ca === undefined
        ? 'if it is right that way, name its authority in MKS_CA_FILE'
        : 'nor does MKS_CA_FILE vouch for it';
    const tr =
      ca === undefined ? 'doğruysa vereni MKS_CA_FILE ile tanıtın' : 'MKS_CA_FILE da kefil olmuyor';
    return failure(
      'operator',
      `nobody known vouches for the certificate of ${target}; ${en} (${code})`,
      `${target} sertifikasına tanınan bir makam kefil değil; ${tr} (${code})`,
    );
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return failure(
      'mkk',
      `the certificate of ${hostname} is not valid today, or our clock is wrong (${code})`,
      `${hostname} sertifikası bugün geçerli değil ya da saatimiz yanlış (${code})`,
    );
  }
  return failure(
    'network',
    `no TLS with ${target}: does something else answer there? (${code})`,
    `${target} ile TLS kurulamıyor: orada başka bir şey mi yanıtlıyor? (${code})`,
  );
}

function explainClock({ clock }: ProbeReport) {
  if (clock === undefined || !clock.ok) {
    return note('MKS told no time to compare with', 'MKS karşılaştırılacak bir saat bildirmedi');
  }
  const { offsetMs } = clock;
  const seconds = Math.round(Math.abs(offsetMs) / 1000);
  // Its Date counts in whole seconds.
  if (seconds <= 1) return ok('agrees with MKS’s', 'MKS’nin saatiyle uyumlu');
  const en = `ours is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} MKS’s`;
  const tr = `bizimki MKS’ninkinden ${seconds} s ${offsetMs > 0 ? 'geride' : 'ileride'}`;
  if (Math.abs(offsetMs) > CLOCK_FAILURE_MS) {
    return failure('operator', `${en}: set it (NTP)`, `${tr}: ayarlayın (NTP)`);
  }
  if (Math.abs(offsetMs) > CLOCK_WARNING_MS) {
    return warning('operator', `${en}: is NTP running?`, `${tr}: NTP çalışıyor mu?`);
  }
  return ok(en, tr);
}

/** Groups 1 and 4 are those of reports: asking for one, and following it. */
export function* examineHours(hours: ServiceHours, nowMs: number): Generator<Finding> {
  for (const group of [1, 4] as const) {
    yield { check: 'service-hours', ...explainHours(hours, group, nowMs) };
  }
}

function explainHours(hours: ServiceHours, group: HoursGroup, nowMs: number) {
  const en = group === 1 ? 'reports (group 1)' : 'following reports (group 4)';
  const tr = group === 1 ? 'raporlar (grup 1)' : 'rapor izleme (grup 4)';
  if (hours.isOpen(group, nowMs)) {
    const closesAt = hours.closesAt(group, nowMs);
    if (closesAt === undefined) return ok(`${en}: always open`, `${tr}: hep açık`);
    return ok(`${en}: open until ${time(closesAt)}`, `${tr}: ${time(closesAt)} saatine kadar açık`);
  }
  const opens = time(hours.opensAt(group, nowMs) ?? nowMs);
  return note(
    `${en}: closed, opens at ${opens} Istanbul time`,
    `${tr}: kapalı, İstanbul saatiyle ${opens} açılıyor`,
  );
}

function time(instantMs: number): string {
  return toIstanbulTimestamp(instantMs).slice(11, 16);
}
