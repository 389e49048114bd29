/** What the sandbox writes beside a code, for people; a gateway must go by the code alone. */

const DESCRIPTIONS: Record<string, string> = {
  '0000': 'Başarılı',
  BS040: 'Böyle bir kayıt yok',
  MF04: 'MF04: bu referans daha önce kullanılmış',
  OI001: 'Genel hata',
  OI002: 'Şemaya uymuyor',
  OI003: 'Servis şu anda kapalı',
  OI006: 'Erişim reddedildi',
  OI010: 'Üyenin kayıtlı sertifikası yok',
  OI012: 'İmza doğrulanamadı',
  OI016: 'İstek imzalı değil',
  OI020: 'Tanımsız servis',
  OI021: 'Gönderen üye tanımsız',
  OI031: 'İç hata',
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
  RP045: 'Referans daha önce kullanılmış',
  RP048: 'Kullanıcının bu mesaj için yetkisi yok',
  SP001: 'Parametre eksik',
};

/** @returns at most 255 characters: the code's meaning, and what exactly was wrong if that is told. */
export function describeCode(code: string, detail?: string): string {
  const meaning = DESCRIPTIONS[code] ?? `${code} için açıklama yok`;
  return (detail === undefined ? meaning : `${meaning}: ${detail}`).slice(0, 255);
}
