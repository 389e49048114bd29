/** The problems that the caller can mend (4xx): status, title, meaning and remedy of each. */
import { text, type Problem } from './problem.ts';

export const clientProblems = {
  'invalid-request': {
    status: 400,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'The request is not valid',
      'Something in the request does not follow its schema. Nothing was sent to MKS.',
      'Correct every mistake listed in `errors` and send the request again.',
    ),
    tr: text(
      'İstek geçerli değil',
      'İstekteki bir bilgi şemaya uymuyor. MKS’ye hiçbir şey gönderilmedi.',
      '`errors` içinde sayılan bütün hataları düzeltip isteği yeniden gönderin.',
    ),
  },
  unauthorized: {
    status: 401,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'An API key is needed',
      'The request bears no API key, or one that this gateway does not know.',
      'Send `Authorization: Bearer <key>` with a key from the operator of the gateway.',
    ),
    tr: text(
      'API anahtarı gerekli',
      'İstekte API anahtarı yok ya da anahtar bu geçitte tanımlı değil.',
      'Geçit yöneticisinden aldığınız anahtarı `Authorization: Bearer <anahtar>` ile gönderin.',
    ),
  },
  'member-forbidden': {
    status: 403,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'This member is not yours',
      'The member that the request names is not known here, or you are not entitled to it.',
      'Name one of your members, or ask the operator of the gateway to add it to them.',
    ),
    tr: text(
      'Bu üye için yetkiniz yok',
      'İstekte adı geçen üye burada tanımlı değil ya da onun için yetkiniz yok.',
      'Kendi üyelerinizden birini yazın ya da geçit yöneticisinden yetki isteyin.',
    ),
  },
  'not-found': {
    status: 404,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'There is nothing here',
      'The address is unknown, or what it names does not exist for you.',
      'Check the address and the identifier. Reports are removed some time after they expire.',
    ),
    tr: text(
      'Aranan bulunamadı',
      'Adres bilinmiyor ya da gösterdiği kayıt sizin için yok.',
      'Adresi ve kimliği denetleyin. Raporlar süreleri dolduktan bir süre sonra silinir.',
    ),
  },
  'method-not-allowed': {
    status: 405,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'The method is not allowed here',
      'The address exists, but not for this HTTP method.',
      'Use one of the methods that the `Allow` header lists.',
    ),
    tr: text(
      'Bu yöntem burada kullanılamaz',
      'Adres var, ancak bu HTTP yöntemiyle çağrılamıyor.',
      '`Allow` başlığında sayılan yöntemlerden birini kullanın.',
    ),
  },
  'not-acceptable': {
    status: 406,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'No acceptable format',
      'None of the formats named in `Accept` can be produced.',
      'Accept `application/json` or another format that the API document names for this address.',
    ),
    tr: text(
      'Uygun biçim yok',
      '`Accept` başlığındaki biçimlerin hiçbiri üretilemiyor.',
      '`application/json` ya da API belgesinin bu adres için saydığı başka bir biçimi kabul edin.',
    ),
  },
  conflict: {
    status: 409,
    mends: 'caller',
    again: 'later',
    sent: 'no',
    en: text(
      'Not possible in the present state',
      'The request makes sense, but not in the state that things are in now.',
      'Read the state, wait if it is still changing, and decide anew. `Retry-After` says when.',
    ),
    tr: text(
      'Şu anki durumda yapılamıyor',
      'İstek anlaşıldı, ancak kaydın şu anki durumu buna izin vermiyor.',
      'Durumu okuyun, değişiyorsa bekleyin ve yeniden karar verin. Süreyi `Retry-After` bildirir.',
    ),
  },
  'report-expired': {
    status: 410,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'The report has expired',
      'The report was kept for its retention time and its contents are gone.',
      'Ask for a new report.',
    ),
    tr: text(
      'Raporun süresi doldu',
      'Rapor saklama süresi boyunca tutuldu, içeriği artık silindi.',
      'Yeni bir rapor isteyin.',
    ),
  },
  'payload-too-large': {
    status: 413,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'The request is too large',
      'The body is longer than this operation accepts.',
      'Send less in one request.',
    ),
    tr: text(
      'İstek çok büyük',
      'Gövde, bu işlemin kabul ettiğinden uzun.',
      'Bir istekte daha az veri gönderin.',
    ),
  },
  'unsupported-media-type': {
    status: 415,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'The body has an unsupported type',
      'The `Content-Type` or `Content-Encoding` is not read here: send plain UTF-8 `application/json`.',
      'Send uncompressed UTF-8 with `Content-Type: application/json`.',
    ),
    tr: text(
      'Gövdenin türü desteklenmiyor',
      'Bu `Content-Type` ya da `Content-Encoding` okunmuyor: sıkıştırmadan UTF-8 `application/json` gönderin.',
      'Gövdeyi sıkıştırmadan, UTF-8 ve `Content-Type: application/json` ile gönderin.',
    ),
  },
  'idempotency-key-reused': {
    status: 422,
    mends: 'caller',
    again: 'no',
    sent: 'no',
    en: text(
      'The idempotency key belongs to another request',
      'The same `Idempotency-Key` came before with a different body.',
      'Use a new key for a new request; repeat a request with its own key and body only.',
    ),
    tr: text(
      'Tekrar anahtarı başka bir isteğe ait',
      'Aynı `Idempotency-Key` daha önce başka bir gövdeyle geldi.',
      'Yeni istek için yeni anahtar kullanın; bir isteği ancak kendi anahtarı ve gövdesiyle yineleyin.',
    ),
  },
  'mks-rejected': {
    status: 422,
    mends: 'told',
    again: 'told',
    sent: 'refused',
    en: text(
      'MKS refused the request',
      'MKS answered with a business code; its signature was verified. Nothing was carried out.',
      'Read `mks.code` and `hint`. `retryable` says whether the same request can succeed later.',
    ),
    tr: text(
      'MKS isteği reddetti',
      'MKS bir iş kuralı koduyla yanıt verdi; yanıtın imzası doğrulandı. İşlem yapılmadı.',
      '`mks.code` ve `hint` alanlarını okuyun. `retryable`, aynı isteğin sonra başarılı olup olamayacağını söyler.',
    ),
  },
  'queue-full': {
    status: 429,
    mends: 'nobody',
    again: 'later',
    sent: 'no',
    en: text(
      'Too many reports are waiting',
      'The client has as many reports waiting for their turn as its `queueLimit` allows.',
      'Wait as long as `Retry-After` says: each report that starts or is taken back gives a place.',
    ),
    tr: text(
      'Sırada çok fazla rapor var',
      'İstemcinin sırada bekleyen raporları `queueLimit` sınırına ulaştı.',
      '`Retry-After` süresi kadar bekleyin: başlayan ya da geri alınan her rapor bir yer açar.',
    ),
  },
  'rate-limited': {
    status: 429,
    mends: 'nobody',
    again: 'later',
    sent: 'no',
    en: text(
      'Too many requests',
      'The requests that a caller has for the current minute are used up.',
      'Wait as long as `Retry-After` says.',
    ),
    tr: text(
      'Çok fazla istek',
      'Bir istemcinin içinde bulunulan dakikadaki istek hakkı doldu.',
      '`Retry-After` süresi kadar bekleyin.',
    ),
  },
} as const satisfies Record<string, Problem>;
