/** What the sandbox writes beside a code, for people; a gateway must go by the code alone. */

/** Every code that MKS's document names (MKS 3.2.6, 5.1.7, 6.1.7, 6.2.7, 7, 9.2), in words of our own. */
const DESCRIPTIONS: Record<string, string> = {
  '0000': 'Başarılı',
  '0x00d30003': 'Kullanıcı ya da şifre kabul edilmedi',
  BS040: 'Böyle bir kayıt yok',
  MF04: 'MF04: bu referans daha önce kullanılmış',
  OI000: 'Hata yok',
  OI001: 'Genel hata',
  OI002: 'Şemaya uymuyor',
  OI003: 'Şu anda servis verilemiyor',
  OI004: 'Servise şu anda ulaşılamıyor',
  OI005: 'Arka uç sistemi geçersiz',
  OI006: 'Erişim reddedildi',
  OI010: 'Üyenin kayıtlı sertifikası yok',
  OI011: 'Kurallı biçim tanınmıyor',
  OI012: 'İmza doğrulanamadı',
  OI013: 'Dönüşüm belirtilmemiş',
  OI014: 'Dönüşüm tanınmıyor',
  OI015: 'Özet değeri uyuşmuyor',
  OI016: 'İstek imzalı değil',
  OI020: 'Tanımsız servis',
  OI021: 'Gönderen üye tanımsız',
  OI030: 'Servis hata verdi',
  OI031: 'İç hata',
  OI032: 'Üye için yönlendirme yok',
  OI040: 'Bekleyen mesaj yok',
  OI044: 'Sorgu sonucu işlenemedi',
  OI045: 'Servis sorguya kapalı',
  RP003: 'Süren bir rapor var, bittiğinde yeniden deneyin',
  RP015: 'Bu işlem için yetki yok',
  RP018: 'refId tanınmadı',
  RP020: 'Rapor sıraya girmeyi bekliyor',
  RP021: 'Rapor sıraya girdi',
  RP022: 'Rapor sırasını bekliyor',
  RP023: 'Rapor hazırlanıyor',
  RP025: 'Rapor üretilirken hata oldu',
  RP026: 'Sorguya uyan veri yok',
  RP036: 'Üye kodu geçersiz',
  RP037: 'Hesap sınıfı geçersiz',
  RP038: 'ISIN geçersiz',
  RP039: 'Gönderen kullanıcı tanımsız',
  RP040: 'Kullanıcının durumu işleme uygun değil',
  RP041: 'Kullanıcı yetkililer arasında etkin değil',
  RP042: 'Mesaj fonksiyonu tanımsız',
  RP043: 'Gönderen üye MKS’de tanımsız',
  RP045: 'Referans daha önce kullanılmış',
  RP046: 'Gönderen boş',
  RP047: 'Mesaj tipi boş',
  RP048: 'Kullanıcının bu mesaj için yetkisi yok',
  RP049: 'Bu kanaldan erişilemez',
  SP001: 'Parametre eksik',
  SYS0: 'Sistem hatası (SYS0)',
  XS013: 'Sistem hatası (XS013)',
};

/** The codes that have a description. */
export const DESCRIBED_CODES: readonly string[] = Object.keys(DESCRIPTIONS);

/** @returns at most 255 characters: the code's meaning, and what exactly was wrong if that is told. */
export function describeCode(code: string, detail?: string): string {
  const meaning = DESCRIPTIONS[code] ?? `${code} için açıklama yok`;
  return (detail === undefined ? meaning : `${meaning}: ${detail}`).slice(0, 255);
}
