/** The mistakes of a configuration in Turkish. What is not known here stays in English. */

const FAULTS: readonly [pattern: RegExp, turkish: string][] = [
  [
    /is required: TLS_CERTIFICATE_FILE and TLS_KEY_FILE go together$/,
    'gerekli: TLS_CERTIFICATE_FILE ve TLS_KEY_FILE birlikte verilir',
  ],
  [/is required$/, 'gerekli'],
  [/is not a known field$/, 'bilinmeyen alan'],
  [/is another (?:client|member)'s too$/, 'başka birinde de var'],
  [/holds a key that is listed before$/, 'daha önce yazılmış bir anahtar içeriyor'],
  [/is not in the members file$/, 'üye dosyasında yok'],
  [/is not an address of this machine$/, 'bu makinenin adresi değil'],
  [/is IPv(\d), and (\S+) cannot be reached from it$/, 'IPv$1, $2 adresine buradan ulaşılamaz'],
  [
    /is a loopback address, and (\S+) cannot be reached from it$/,
    'makine içi bir adres, $1 adresine buradan ulaşılamaz',
  ],
  [
    /must be a loopback address: MKS_BASE_URL is plain http$/,
    'makine içi bir adres olmalı: MKS_BASE_URL düz http',
  ],
  [/must be an IP address$/, 'bir IP adresi olmalı'],
  [/must be an http or https URL$/, 'http veya https adresi olmalı'],
  [
    /must be https: plain http is for loopback addresses alone$/,
    'https olmalı: düz http yalnız bu makine içindir',
  ],
  [
    /must hold neither a user, nor a password, nor a \? or # part$/,
    'kullanıcı, parola, ? ve # bölümü içeremez',
  ],
  [/must hold no path$/, 'yol içeremez'],
  [
    /must be a loopback address unless API_CLIENTS_FILE is set$/,
    'API_CLIENTS_FILE yoksa bu makine içi bir adres olmalı',
  ],
  [/must not hold a \? or # part$/, '? veya # bölümü içeremez'],
  [/must be a (redis:\/\/, .*) address$/, 'şunlardan biri olmalı: $1'],
  [/TLS cannot be served with it \((.+)\)$/, 'bununla TLS sunulamıyor ($1)'],
  [/must be (redis:\/\/.*)$/, 'şu biçimde olmalı: $1'],
  [/must be (redis\+sentinel:\/\/.*)$/, 'şu biçimde olmalı: $1'],
  [
    /the database after the last \/ must be a number$/,
    'son / sonrasındaki veritabanı bir sayı olmalı',
  ],
  [
    /the user and password before @ cannot be read$/,
    '@ öncesindeki kullanıcı ve parola okunamıyor',
  ],
  [
    /holds a % that is not followed by two hexadecimal digits$/,
    'iki onaltılık rakam izlemeyen bir % içeriyor',
  ],
  [
    /must be a date that exists, YYYY-MM-DD, not in future$/,
    'var olan ve gelecekte olmayan bir tarih olmalı, YYYY-AA-GG',
  ],
  [/must be a date, YYYY-MM-DD$/, 'tarih olmalı, YYYY-AA-GG'],
  [/must be a time such as (\S+)$/, 'şunun gibi bir zaman olmalı: $1'],
  [
    /must be HH:MM-HH:MM, Istanbul time, with two different times; 00:00-24:00 is always$/,
    'SS:DD-SS:DD olmalı, İstanbul saatiyle, iki ayrı saat; hep açık için 00:00-24:00',
  ],
  [
    /the password must have 6 to 10 characters with a digit, a letter and a symbol$/,
    'parola 6–10 karakter olmalı; rakam, harf ve simge içermeli',
  ],
  [
    /the password holds white space or control characters$/,
    'parola boşluk veya denetim karakteri içeriyor',
  ],
  [/the certificate does not belong to the key$/, 'sertifika anahtara ait değil'],
  [/the certificate expired at (\S+)$/, 'sertifikanın süresi $1 anında dolmuş'],
  [/the certificate is not valid before (\S+)$/, 'sertifika $1 anından önce geçerli değil'],
  [/(\S+) of (\S+) certificates have expired$/, '$2 sertifikadan $1 tanesinin süresi dolmuş'],
  [/every certificate has expired$/, 'bütün sertifikaların süresi dolmuş'],
  [/certificate (\S+) cannot be read$/, '$1. sertifika okunamıyor'],
  [/certificate (\S+) is not an RSA key$/, '$1. sertifikanın anahtarı RSA değil'],
  [
    /certificate (\S+) is an RSA key of (\d+) bits; at least (\d+) are needed$/,
    '$1. sertifikanın RSA anahtarı $2 bit; en az $3 gerekir',
  ],
  [
    /is an RSA key of (\S+) bits; at least (\S+) are needed$/,
    '$1 bitlik RSA anahtarı; en az $2 gerekir',
  ],
  [/is not an RSA key$/, 'RSA anahtarı değil'],
  [/is no private key in PEM$/, 'PEM biçiminde özel anahtar değil'],
  [/is encrypted and needs a passphrase$/, 'şifreli; parola dosyası gerekir'],
  [/does not open with the passphrase$/, 'verilen parolayla açılmıyor'],
  [/holds no certificate in PEM$/, 'PEM biçiminde sertifika içermiyor'],
  [/is no certificate in PEM or DER$/, 'PEM veya DER biçiminde sertifika değil'],
  [/is larger than (\S+) MB$/, '$1 MB’tan büyük'],
  [/is not JSON(.*)$/, 'JSON değil$1'],
  [/is not UTF-8 text$/, 'UTF-8 metin değil'],
  [/is not a file$/, 'dosya değil'],
  [/is not a directory$/, 'klasör değil'],
  [/cannot be written to$/, 'yazılamıyor'],
  [/cannot read (.+) \((.+)\)$/, '$1 okunamıyor ($2)'],
  [
    /holds a secret and is open to others than its owner: chmod 600$/,
    'gizli bilgi içeriyor ve sahibinden başkasına açık: chmod 600',
  ],
  [/must be the path of a file$/, 'bir dosya yolu olmalı'],
  [
    /must be the SHA-256 of a key, 64 hexadecimal digits, or a list of one or two$/,
    'bir anahtarın SHA-256 değeri olmalı: 64 onaltılık rakam, ya da bir iki tanesinin listesi',
  ],
  [
    /must be (\d+) to (\d+) capital letters A-Z and digits$/,
    '$1–$2 büyük harf A-Z ve rakam olmalı',
  ],
  [
    /must be (\d+) to (\d+) letters, digits, dots, dashes and underscores$/,
    '$1–$2 harf, rakam, nokta, tire ve alt çizgi olmalı',
  ],
  [/must be a whole number from (\S+) to (\S+)$/, '$1 ile $2 arasında bir tam sayı olmalı'],
  [/must be a number (?:from|above) (\S+) to (\S+)$/, '$1 ile $2 arasında bir sayı olmalı'],
  [/must be one of (.+)$/, 'şunlardan biri olmalı: $1'],
  [/must be an? (\S+)$/, 'türü $1 olmalı'],
  [/must be at least (\S+)$/, 'en az $1 olmalı'],
  [/must be above (\S+)$/, '$1 değerinden büyük olmalı'],
  [/must be at most (\S+)$/, 'en çok $1 olmalı'],
  [/must hold at least (\S+)$/, 'en az $1 tane içermeli'],
];

/** A mistake or warning of src/config in Turkish; its place, in front, stays as it is. */
export function inTurkish(mistake: string): string {
  const [pattern, turkish] = FAULTS.find(([known]) => known.test(mistake)) ?? [];
  return pattern === undefined || turkish === undefined
    ? mistake
    : mistake.replace(pattern, turkish);
}
