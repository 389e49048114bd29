/** The words for what keeps a key in an HSM from signing, with what to do; and what it means for its member. */
import type { SigningFault } from './credentials.ts';
import type { HsmReason, HsmTrouble } from './hsm.ts';
import type { Localised } from './localised.ts';

/** The field of the members file that speaks of it, within the entry. */
export type HsmField = 'module' | 'tokenLabel' | 'keyLabel' | 'pinFile' | 'certificateFile' | '';

interface Words extends Localised {
  field: HsmField;
  fault: SigningFault;
}

const TROUBLES: Readonly<Record<HsmReason, Words>> = {
  'driver-missing': {
    field: 'module',
    fault: 'hsm-unavailable',
    en: 'needs the package pkcs11js, built on this machine: npm run hsm-driver',
    tr: 'bu makinede derlenmiş pkcs11js paketini ister: npm run hsm-driver',
  },
  'module-unusable': {
    field: 'module',
    fault: 'hsm-unavailable',
    en: 'cannot be loaded as a PKCS#11 library',
    tr: 'PKCS#11 kitaplığı olarak yüklenemiyor',
  },
  'no-token': {
    field: 'tokenLabel',
    fault: 'hsm-unavailable',
    en: 'no token has this label',
    tr: 'bu etikete sahip token yok',
  },
  'several-tokens': {
    field: 'tokenLabel',
    fault: 'hsm-unavailable',
    en: 'several tokens have this label: give each its own',
    tr: 'birden çok token bu etikete sahip: her birine ayrı etiket verin',
  },
  'pin-refused': {
    field: 'pinFile',
    fault: 'hsm-pin-refused',
    en: 'the HSM refuses the PIN; it is not tried again before the file or the process changes',
    tr: 'HSM bu PIN’i kabul etmiyor; dosya ya da süreç değişmeden yeniden denenmez',
  },
  'pin-locked': {
    field: 'pinFile',
    fault: 'hsm-pin-refused',
    en: 'the HSM has locked the PIN: its security officer sets it anew',
    tr: 'HSM PIN’i kilitledi: güvenlik sorumlusu (SO) yeniden belirler',
  },
  'pin-last-try': {
    field: 'pinFile',
    fault: 'hsm-pin-refused',
    en: 'the HSM locks at the next wrong PIN, so it is not tried: log in by hand once (pkcs11-tool --login)',
    tr: 'HSM bir sonraki yanlış PIN’de kilitlenir, bu yüzden denenmedi: bir kez elle oturum açın (pkcs11-tool --login)',
  },
  'no-key': {
    field: 'keyLabel',
    fault: 'key-unusable',
    en: 'the token holds no private key with this label',
    tr: 'token bu etikete sahip özel anahtar içermiyor',
  },
  'several-keys': {
    field: 'keyLabel',
    fault: 'key-unusable',
    en: 'the token holds several private keys with this label: give each its own',
    tr: 'token bu etikete sahip birden çok özel anahtar içeriyor: her birine ayrı etiket verin',
  },
  'key-unfit': {
    field: 'keyLabel',
    fault: 'key-unusable',
    en: 'the key cannot sign by SHA256-RSA-PKCS: an RSA key is needed that may sign without a PIN each time',
    tr: 'anahtar SHA256-RSA-PKCS ile imza atamıyor: her imzada PIN istemeyen, imza yetkili RSA anahtarı gerekir',
  },
  'other-key': {
    field: 'certificateFile',
    fault: 'certificate-of-another-key',
    en: 'the certificate does not belong to the key in the HSM',
    tr: 'sertifika HSM’deki anahtara ait değil',
  },
  unreachable: {
    field: '',
    fault: 'hsm-unavailable',
    en: 'the HSM does not answer: is it on, reached, and is its service configured for this user?',
    tr: 'HSM yanıt vermiyor: açık mı, ulaşılıyor mu, bu kullanıcı için yapılandırılmış mı?',
  },
};

/** What is wrong in words, and the field that says so. */
export function hsmTroubleText({ reason, detail }: HsmTrouble): Localised & { field: HsmField } {
  const { field, en, tr } = TROUBLES[reason];
  const behind = detail === undefined ? '' : ` (${detail})`;
  return { field, en: `${en}${behind}`, tr: `${tr}${behind}` };
}

/** What it means for the member. */
export function hsmFault({ reason }: HsmTrouble): SigningFault {
  return TROUBLES[reason].fault;
}
