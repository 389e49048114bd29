/** What MKS itself says: the token, the remark that comes with it, and a signed question. */
import { randomBytes } from 'node:crypto';
import type { Config } from '../../src/config.ts';
import { toIstanbulTimestamp } from '../../src/lib/dates.ts';
import { findResultCode, type Mender as CodeMender } from '../../src/mks/codes.ts';
import { MksError } from '../../src/mks/errors.ts';
import type { Mks, TokenState } from '../../src/mks/types.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { failure, note, ok, printable, warning, type Finding, type Mender } from './finding.ts';

/** What screen TU14 calls the two environments (MKS, hosts). */
const CONNECTION_TYPES = {
  test: 'Senkron Online Entegrasyon Test',
  production: 'Senkron Online Entegrasyon',
} as const;

const MENDERS: Record<CodeMender, Mender> = {
  nobody: 'operator',
  caller: 'operator',
  gateway: 'operator',
  member: 'member',
  mkk: 'mkk',
};

/** The member's shared token, after a login where there is none, and MKK's remark on it. */
export async function* examineToken(
  mks: Mks,
  member: string,
  config: Config,
): AsyncGenerator<Finding, boolean> {
  try {
    const before = await mks.tokenState(member);
    if (before.expiresAt === undefined) await mks.ensureToken(member);
    const state = before.expiresAt === undefined ? await mks.tokenState(member) : before;
    yield { check: 'token', member, ...explainToken(state, before.expiresAt !== undefined) };
    yield { check: 'address', member, ...explainReason(state, config) };
    return true;
  } catch (error) {
    yield { check: 'token', member, ...explainLogin(error) };
    return false;
  }
}

function explainToken({ expiresAt }: TokenState, isShared: boolean) {
  const until = time(expiresAt);
  return isShared
    ? ok(`the gateway's own, good until ${until}`, `geçidin kendi tokenı, ${until} saatine kadar`)
    : ok(`logged in, good until ${until}`, `oturum açıldı, ${until} saatine kadar geçerli`);
}

/** The remark is shown and never matched: nobody says that its words will stay the same. */
function explainReason({ reason, expiresAt }: TokenState, { environment }: Config) {
  if (reason === undefined) {
    return ok('MKK has no remark on our address', 'MKK’nın adresimize dair uyarısı yok');
  }
  const said = printable(reason);
  const type = CONNECTION_TYPES[environment];
  const until = time(expiresAt);
  return note(
    `MKK says with the token: “${said}” Calls decide whether it stands in the way; if they are refused, register our outgoing IP in screen TU14 of the production MKS with connection type “${type}”. The remark stays with this token until ${until}`,
    `MKK token ile şunu bildiriyor: “${said}” Engel olup olmadığını çağrılar gösterir; reddedilirlerse çıkış IP’mizi canlı MKS’nin TU14 ekranına “${type}” bağlantı tipiyle kaydedin. Uyarı bu tokenla ${until} saatine kadar kalır`,
  );
}

function explainLogin(error: unknown) {
  if (!(error instanceof MksError)) return explainOther(error);
  const code = error.details.mksCode ?? httpStatusOf(error);
  switch (error.code) {
    case 'mks-login-refused': {
      const { meaning } = findResultCode(code) ?? {};
      const en = meaning?.en ?? 'Check userCode and the password, which screen YT25 sets.';
      const tr = meaning?.tr ?? 'userCode alanına ve YT25 ekranından belirlenen şifreye bakın.';
      return failure(
        'member',
        `MKK refuses the login (${code}): ${en} The gateway pauses before it tries again`,
        `MKK oturumu reddediyor (${code}): ${tr} Geçit yeniden denemeden önce bekler`,
      );
    }
    case 'mks-unreachable':
      return failure(
        'network',
        'the login could not be sent: no connection',
        'oturum isteği gönderilemedi: bağlantı yok',
      );
    default:
      return failure(
        'mkk',
        `MKS gave no token (${code}): ${error.message}`,
        `MKS token vermedi (${code})`,
      );
  }
}

/**
 * Asks for the status of a report that cannot exist. A verified RP018 shows that MKK knows our
 * certificate and that we hold MKK's.
 */
export async function examineSigned(mks: Mks, member: string): Promise<Finding> {
  const base = { check: 'signed', member } as const;
  // As long as those of MKS's samples.
  const refId = randomBytes(15).toString('base64url');
  try {
    const answer = await mks.call({
      memberCode: member,
      service: 'reports/async-report-status',
      body: { refId },
    });
    return { ...base, ...explainAnswer(answer.kind === 'message' ? answer.code : '') };
  } catch (error) {
    return { ...base, ...explainRefusal(error) };
  }
}

function explainAnswer(code: string) {
  const facts = findResultCode(code);
  if (code === 'RP018') {
    return ok(
      'both certificates hold: MKK knows ours, and its answer RP018 (no such refId, as it should be) verifies with ours of MKK',
      'iki sertifika da geçerli: MKK bizimkini tanıyor, RP018 yanıtı (beklendiği gibi, böyle bir refId yok) elimizdeki MKK sertifikasıyla doğrulandı',
    );
  }
  const en = `both certificates hold, but MKS answers ${code}`;
  const tr = `iki sertifika da geçerli, ama MKS ${code} yanıtını verdi`;
  if (facts === undefined || facts.mends === 'nobody') {
    return warning('mkk', `${en} to a refId that does not exist`, `${tr}: olmayan bir refId için`);
  }
  const { meaning, authorities } = facts;
  const functions = authorities
    .filter(({ messageType }) => messageType === 'OE')
    .map((authority) => `${authority.function} (${authority.messageType})`)
    .join(', ');
  const which = functions === '' ? '' : ` YT14: ${functions}.`;
  return failure(
    MENDERS[facts.mends],
    `${en}: ${meaning.en}${which}`,
    `${tr}: ${meaning.tr}${which}`,
  );
}

function explainRefusal(error: unknown) {
  if (!(error instanceof MksError)) return explainOther(error);
  const { mksCode, verified, opensAt } = error.details;
  if (error.code === 'outside-service-hours') {
    const opens = time(opensAt);
    return warning(
      'operator',
      `not proven: MKS is closed; ask again after ${opens}`,
      `kanıtlanamadı: MKS kapalı; ${opens} sonrasında yineleyin`,
    );
  }
  if (error.code === 'mks-untrusted-response') return explainUntrusted(error);
  if (mksCode !== undefined) {
    const facts = findResultCode(mksCode);
    const en = facts?.meaning.en ?? error.message;
    const tr = facts?.meaning.tr ?? 'Belgede olmayan bir kod.';
    const isSigned = verified === true;
    return failure(
      facts === undefined ? 'mkk' : MENDERS[facts.mends],
      `${mksCode}${isSigned ? '' : ' (unsigned)'}: ${en}`,
      `${mksCode}${isSigned ? '' : ' (imzasız)'}: ${tr}`,
    );
  }
  if (error.code === 'mks-login-refused') {
    return failure(
      'member',
      `MKS refuses the token (${httpStatusOf(error)}): is our outgoing IP registered in TU14?`,
      `MKS tokenı reddediyor (${httpStatusOf(error)}): çıkış IP’miz TU14’te kayıtlı mı?`,
    );
  }
  return failure(
    error.code === 'mks-unreachable' ? 'network' : 'mkk',
    `no answer that says anything (${httpStatusOf(error)}): ${error.message}`,
    `bir şey anlatan yanıt gelmedi (${httpStatusOf(error)}, ${error.code})`,
  );
}

function explainUntrusted(error: MksError) {
  return failure(
    'operator',
    `MKS's answer does not verify: does MKS_TRUSTED_CERTIFICATES_FILE hold the certificate that MKK signs with in this environment? (${error.message})`,
    'MKS’nin yanıtı doğrulanamadı: MKS_TRUSTED_CERTIFICATES_FILE, MKK’nın bu ortamda imzaladığı sertifikayı içeriyor mu?',
  );
}

function explainOther(error: unknown) {
  if (error instanceof StateUnavailableError) {
    return note('not asked: Redis cannot be used', 'sorulmadı: Redis kullanılamıyor');
  }
  throw error;
}

function httpStatusOf({ details, code }: MksError): string {
  return details.httpStatus === undefined ? code : `HTTP ${details.httpStatus}`;
}

function time(instantMs = 0): string {
  return toIstanbulTimestamp(instantMs).slice(11, 16);
}
