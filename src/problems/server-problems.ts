/** The problems of the gateway, of MKS and of the way there (5xx), as in the file of the caller's. */
import { text, type Problem } from './problem.ts';

export const serverProblems = {
  internal: {
    status: 500,
    mends: 'gateway',
    again: 'mended',
    sent: 'unknown',
    en: text(
      'Something went wrong inside',
      'The gateway met an error that it did not expect.',
      'Give `requestId` to the operator of the gateway; its log says more.',
    ),
    tr: text(
      'İçeride bir hata oluştu',
      'Geçit, beklemediği bir hatayla karşılaştı.',
      '`requestId` değerini geçit yöneticisine iletin; ayrıntı günlüktedir.',
    ),
  },
  'mks-untrusted-response': {
    status: 502,
    mends: 'gateway',
    again: 'mended',
    sent: 'told',
    en: text(
      'The answer cannot be trusted',
      'An answer came, but its signature, algorithm or reference does not hold. None of it is used.',
      "The operator has to check MKK's certificates and the network path. See `outcome`.",
    ),
    tr: text(
      'Yanıta güvenilemiyor',
      'Bir yanıt geldi, ancak imzası, algoritması ya da referansı tutmuyor. Hiçbir bölümü kullanılmadı.',
      'Yönetici, MKK sertifikalarını ve ağ yolunu denetlemeli. `outcome` alanına bakın.',
    ),
  },
  'mks-unreachable': {
    status: 502,
    mends: 'gateway',
    again: 'later',
    sent: 'no',
    en: text(
      'MKS cannot be reached',
      'No connection to MKS was made, so nothing was sent.',
      'Try again later; if it lasts, the operator has to check network, proxy, TLS and registered IPs.',
    ),
    tr: text(
      'MKS’ye ulaşılamıyor',
      'MKS ile bağlantı kurulamadı; hiçbir şey gönderilmedi.',
      'Sonra yeniden deneyin; sürerse yönetici ağı, vekil sunucuyu, TLS’yi ve kayıtlı IP’leri denetlemeli.',
    ),
  },
  'mks-error': {
    status: 502,
    mends: 'told',
    again: 'told',
    sent: 'told',
    en: text(
      'MKS answered with a technical failure',
      'The system in front of or behind MKS failed, or its answer is not a message.',
      'Try again later. If it lasts, give `mks.code` and `senderReference` to MKK.',
    ),
    tr: text(
      'MKS teknik bir hata bildirdi',
      'MKS’nin önündeki ya da arkasındaki sistem hata verdi ya da yanıt bir mesaj değil.',
      'Sonra yeniden deneyin. Sürerse `mks.code` ve `senderReference` değerlerini MKK’ya iletin.',
    ),
  },
  'mks-login-refused': {
    status: 502,
    mends: 'member',
    again: 'mended',
    sent: 'told',
    en: text(
      'MKK refused the login',
      'MKK does not accept the user or the password of the member.',
      'The operator has to check user and password; logins pause until the password file changes or the pause ends.',
    ),
    tr: text(
      'MKK oturum açmayı reddetti',
      'MKK, üyenin kullanıcısını ya da şifresini kabul etmiyor.',
      'Yönetici kullanıcıyı ve şifreyi denetlemeli; şifre dosyası değişene ya da bekleme bitene dek oturum açılmaz.',
    ),
  },
  'mks-archive-invalid': {
    status: 502,
    mends: 'caller',
    again: 'anew',
    sent: 'yes',
    en: text(
      'The downloaded file cannot be used',
      'The archive that MKS delivered is damaged or is not what was asked for; `reason` says how.',
      'Ask for a new report with `refresh`. If it happens again, tell the operator.',
    ),
    tr: text(
      'İndirilen dosya kullanılamıyor',
      'MKS’nin verdiği arşiv bozuk ya da istenen dosya değil; nedenini `reason` söyler.',
      '`refresh` ile yeni bir rapor isteyin. Yinelenirse yöneticiye bildirin.',
    ),
  },
  'outside-service-hours': {
    status: 503,
    mends: 'nobody',
    again: 'later',
    sent: 'no',
    en: text(
      'MKS is closed',
      'The request needs MKS, and its service hours have not begun.',
      'Come back at `opensAt`, or ask with `Prefer: respond-async` and let it start by itself.',
    ),
    tr: text(
      'MKS kapalı',
      'İstek MKS’yi gerektiriyor ve hizmet saatleri başlamadı.',
      '`opensAt` anında yeniden gelin ya da `Prefer: respond-async` ile isteyin; kendiliğinden başlar.',
    ),
  },
  overloaded: {
    status: 503,
    mends: 'nobody',
    again: 'later',
    sent: 'no',
    en: text(
      'The gateway is overloaded',
      'The gateway has more work than it can take on at the moment.',
      'Wait as long as `Retry-After` says.',
    ),
    tr: text(
      'Geçit aşırı yüklü',
      'Geçidin şu anda alabileceğinden fazla işi var.',
      '`Retry-After` süresi kadar bekleyin.',
    ),
  },
  'state-unavailable': {
    status: 503,
    mends: 'gateway',
    again: 'later',
    sent: 'no',
    en: text(
      'The state store cannot be reached',
      'Redis does not answer. Without a recorded reference nothing is sent to MKS.',
      'Wait as long as `Retry-After` says; if it lasts, the operator has to look after Redis.',
    ),
    tr: text(
      'Durum deposuna ulaşılamıyor',
      'Redis yanıt vermiyor. Referans kaydedilmeden MKS’ye hiçbir şey gönderilmez.',
      '`Retry-After` süresi kadar bekleyin; sürerse yönetici Redis ile ilgilenmeli.',
    ),
  },
  'trail-unavailable': {
    status: 503,
    mends: 'gateway',
    again: 'later',
    sent: 'no',
    en: text(
      'The access trail cannot be written',
      'Who reads what is written down before any data leaves. It cannot be written at the moment, so nothing leaves.',
      'Wait as long as `Retry-After` says; if it lasts, the operator has to look after the disk of the trail.',
    ),
    tr: text(
      'Erişim izi yazılamıyor',
      'Kimin neyi okuduğu, veri çıkmadan önce kaydedilir. Kayıt şu anda yapılamıyor; bu yüzden hiçbir veri çıkmıyor.',
      '`Retry-After` süresi kadar bekleyin; sürerse yönetici iz dosyalarının diskiyle ilgilenmeli.',
    ),
  },
  'mks-unknown-outcome': {
    status: 504,
    mends: 'nobody',
    again: 'later',
    sent: 'unknown',
    en: text(
      'It is not known what became of the message',
      'The message was sent, but no complete answer came in time. MKS may or may not have taken it.',
      'Do not assume a refusal. Keep `senderReference`; it can settle the matter with MKK.',
    ),
    tr: text(
      'Mesajın sonucu bilinmiyor',
      'Mesaj gönderildi, ancak süresinde tam bir yanıt gelmedi. MKS mesajı almış da olabilir, almamış da.',
      'Reddedildiğini varsaymayın. `senderReference` değerini saklayın; sonucu MKK ile belirlemeye yarar.',
    ),
  },
  'storage-full': {
    status: 507,
    mends: 'gateway',
    again: 'mended',
    sent: 'yes',
    en: text(
      'No room for the report',
      'The disk of the gateway has no room for the contents of the report.',
      'The operator has to make room in the data directory; then ask again.',
    ),
    tr: text(
      'Rapor için yer yok',
      'Geçidin diskinde raporun içeriği için yer kalmadı.',
      'Yönetici veri dizininde yer açmalı; sonra yeniden isteyin.',
    ),
  },
} as const satisfies Record<string, Problem>;
