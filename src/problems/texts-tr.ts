/** The problem catalogue's texts in Turkish. */
import type { ProblemSlug, ProblemText } from './catalogue.ts';

function text(title: string, meaning: string, remedy: string): ProblemText {
  return { title, meaning, remedy };
}

export const problemTextsTurkish: Readonly<Record<ProblemSlug, ProblemText>> = {
  'invalid-request': text(
    'İstek geçerli değil',
    'İstekteki bir bilgi şemaya uymuyor. MKS’ye hiçbir şey gönderilmedi.',
    '`errors` içinde sayılan bütün hataları düzeltip isteği yeniden gönderin.',
  ),
  unauthorized: text(
    'API anahtarı gerekli',
    'İstekte API anahtarı yok ya da anahtar bu geçitte tanımlı değil.',
    'Geçit yöneticisinden aldığınız anahtarı `Authorization: Bearer <anahtar>` ile gönderin.',
  ),
  'member-forbidden': text(
    'Bu üye için yetkiniz yok',
    'İstekte adı geçen üye burada tanımlı değil ya da onun için yetkiniz yok.',
    'Kendi üyelerinizden birini yazın ya da geçit yöneticisinden yetki isteyin.',
  ),
  'not-found': text(
    'Aranan bulunamadı',
    'Adres bilinmiyor ya da gösterdiği kayıt sizin için yok.',
    'Adresi ve kimliği denetleyin. Raporlar süreleri dolduktan bir süre sonra silinir.',
  ),
  'method-not-allowed': text(
    'Bu yöntem burada kullanılamaz',
    'Adres var, ancak bu HTTP yöntemiyle çağrılamıyor.',
    '`Allow` başlığında sayılan yöntemlerden birini kullanın.',
  ),
  'not-acceptable': text(
    'Uygun biçim yok',
    '`Accept` başlığındaki biçimlerin hiçbiri üretilemiyor.',
    '`application/json`, `application/x-ndjson` ya da `text/csv` kabul edin.',
  ),
  conflict: text(
    'Şu anki durumda yapılamıyor',
    'İstek anlaşıldı, ancak kaydın şu anki durumu buna izin vermiyor.',
    'Durumu okuyun, değişiyorsa bekleyin ve yeniden karar verin. Süreyi `Retry-After` bildirir.',
  ),
  'report-expired': text(
    'Raporun süresi doldu',
    'Rapor saklama süresi boyunca tutuldu, içeriği artık silindi.',
    'Yeni bir rapor isteyin.',
  ),
  'payload-too-large': text(
    'İstek çok büyük',
    'Gövde, bu işlemin kabul ettiğinden uzun.',
    'Bir istekte daha az veri gönderin.',
  ),
  'unsupported-media-type': text(
    'Gövdenin türü desteklenmiyor',
    'Bu `Content-Type` ya da `Content-Encoding` okunmuyor: sıkıştırmadan UTF-8 `application/json` gönderin.',
    'Gövdeyi sıkıştırmadan, UTF-8 ve `Content-Type: application/json` ile gönderin.',
  ),
  'idempotency-key-reused': text(
    'Tekrar anahtarı başka bir isteğe ait',
    'Aynı `Idempotency-Key` daha önce başka bir gövdeyle geldi.',
    'Yeni istek için yeni anahtar kullanın; bir isteği ancak kendi anahtarı ve gövdesiyle yineleyin.',
  ),
  'mks-rejected': text(
    'MKS isteği reddetti',
    'MKS bir iş kuralı koduyla yanıt verdi; yanıtın imzası doğrulandı. İşlem yapılmadı.',
    '`mks.code` ve `hint` alanlarını okuyun. `retryable`, aynı isteğin sonra başarılı olup olamayacağını söyler.',
  ),
  'rate-limited': text(
    'Çok fazla istek',
    'Bir istemcinin içinde bulunulan dakikadaki istek hakkı doldu.',
    '`Retry-After` süresi kadar bekleyin.',
  ),
  internal: text(
    'İçeride bir hata oluştu',
    'Geçit, beklemediği bir hatayla karşılaştı.',
    '`requestId` değerini geçit yöneticisine iletin; ayrıntı günlüktedir.',
  ),
  'mks-untrusted-response': text(
    'Yanıta güvenilemiyor',
    'Bir yanıt geldi, ancak imzası, algoritması ya da referansı tutmuyor. Hiçbir bölümü kullanılmadı.',
    'Yönetici, MKK sertifikalarını ve ağ yolunu denetlemeli. `outcome` alanına bakın.',
  ),
  'mks-unreachable': text(
    'MKS’ye ulaşılamıyor',
    'MKS ile bağlantı kurulamadı; hiçbir şey gönderilmedi.',
    'Sonra yeniden deneyin; sürerse yönetici ağı, vekil sunucuyu, TLS’yi ve kayıtlı IP’leri denetlemeli.',
  ),
  'mks-error': text(
    'MKS teknik bir hata bildirdi',
    'MKS’nin önündeki ya da arkasındaki sistem hata verdi ya da yanıt bir mesaj değil.',
    'Sonra yeniden deneyin. Sürerse `mks.code` ve `senderReference` değerlerini MKK’ya iletin.',
  ),
  'mks-login-refused': text(
    'MKK oturum açmayı reddetti',
    'MKK, üyenin kullanıcısını ya da şifresini kabul etmiyor.',
    'Yönetici kullanıcıyı ve şifreyi denetlemeli; şifre dosyası değişene ya da bekleme bitene dek oturum açılmaz.',
  ),
  'mks-archive-invalid': text(
    'İndirilen dosya kullanılamıyor',
    'MKS’nin verdiği arşiv bozuk ya da istenen dosya değil; nedenini `reason` söyler.',
    '`refresh` ile yeni bir rapor isteyin. Yinelenirse yöneticiye bildirin.',
  ),
  'outside-service-hours': text(
    'MKS kapalı',
    'İstek MKS’yi gerektiriyor ve hizmet saatleri başlamadı.',
    '`opensAt` anında yeniden gelin ya da `Prefer: respond-async` ile isteyin; kendiliğinden başlar.',
  ),
  overloaded: text(
    'Geçit aşırı yüklü',
    'Geçidin şu anda alabileceğinden fazla işi var.',
    '`Retry-After` süresi kadar bekleyin.',
  ),
  'state-unavailable': text(
    'Durum deposuna ulaşılamıyor',
    'Redis yanıt vermiyor. Referans kaydedilmeden MKS’ye hiçbir şey gönderilmez.',
    '`Retry-After` süresi kadar bekleyin; sürerse yönetici Redis ile ilgilenmeli.',
  ),
  'mks-unknown-outcome': text(
    'Mesajın sonucu bilinmiyor',
    'Mesaj gönderildi, ancak süresinde tam bir yanıt gelmedi. MKS mesajı almış da olabilir, almamış da.',
    'Reddedildiğini varsaymayın. `senderReference` değerini saklayın; sonucu MKK ile belirlemeye yarar.',
  ),
  'storage-full': text(
    'Rapor için yer yok',
    'Geçidin diskinde raporun içeriği için yer kalmadı.',
    'Yönetici veri dizininde yer açmalı; sonra yeniden isteyin.',
  ),
};
