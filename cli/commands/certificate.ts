/** `certificate`: a member's signing key, and the certificate that MKK registers for it. */
import { Option } from 'commander';
import type { ShellCommand } from '../command.ts';
import type { CertificateOptions } from '../keys/certificate.ts';

export function certificate(program: ShellCommand): void {
  const command = program.command('certificate');
  command
    .about({
      en: "Makes a member's RSA key and self-signed certificate, by MKK's rules",
      tr: 'MKK kurallarına göre üyenin RSA anahtarını ve kendinden imzalı sertifikasını üretir',
    })
    .option('--member <code>', command.text({ en: 'the member code', tr: 'üye kodu' }), '')
    .option(
      '--title <text>',
      command.text({ en: "the organisation's title: CN", tr: 'kurumun unvanı: CN' }),
      '',
    )
    .option(
      '--city <text>',
      command.text({ en: 'province, e.g. İstanbul: ST', tr: 'il, örneğin İstanbul: ST' }),
      '',
    )
    .option(
      '--district <text>',
      command.text({ en: 'district, e.g. Sarıyer: L', tr: 'ilçe, örneğin Sarıyer: L' }),
      '',
    )
    .option('--country <xx>', command.text({ en: 'TR unless given', tr: 'verilmezse TR' }), 'TR')
    .option(
      '--days <n>',
      command.text({
        en: '365 to 730, 700 unless given',
        tr: '365 ile 730 arası, verilmezse 700',
      }),
      '700',
    )
    .option(
      '--out <folder>',
      command.text({
        en: 'where the files go; here unless given',
        tr: 'klasör; verilmezse burası',
      }),
      '.',
    )
    .option(
      '--passphrase-file <file>',
      command.text({
        en: 'encrypt the key with the passphrase in this file',
        tr: 'anahtarı bu dosyadaki parolayla şifreler',
      }),
    )
    .addOption(new Option('--state <text>').hideHelp())
    .addOption(new Option('--locality <text>').hideHelp())
    .examples(
      'certificate --member TIB --title "ÜNVAN A.Ş." --city İstanbul --district Sarıyer --out keys',
    )
    .action(async (options: CertificateOptions) => {
      const { makeCertificate } = await import('../keys/certificate.ts');
      await makeCertificate(command.shell, options);
    });
}
