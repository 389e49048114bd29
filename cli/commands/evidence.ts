/** `evidence`: an exchange with MKS as a file that proves itself, and the proof of such a file. */
import type { ShellCommand } from '../command.ts';
import type { EvidenceOptions } from '../evidence/run.ts';
import { EXIT } from '../failures.ts';

export function evidence(program: ShellCommand): void {
  const command = program.command('evidence');
  command
    .about(
      {
        en: 'Makes the evidence of an exchange with MKS, or proves one offline',
        tr: 'MKS ile bir yazışmanın kanıtını üretir ya da çevrimdışı kanıtlar',
      },
      { en: 'Exit code 0: proved; 1: not.', tr: 'Çıkış kodu 0: kanıtlandı; 1: kanıtlanamadı.' },
    )
    .option('--member <code>', command.text({ en: 'the member code', tr: 'üye kodu' }))
    .option(
      '--reference <reference>',
      command.text({
        en: 'the senderReference of the message',
        tr: 'mesajın senderReference değeri',
      }),
    )
    .option(
      '--certificates <file>',
      command.text({
        en: "MKK's certificates, PEM; MKS_TRUSTED_CERTIFICATES_FILE unless given. With --verify: believe these alone",
        tr: "MKK'nın sertifikaları, PEM; verilmezse MKS_TRUSTED_CERTIFICATES_FILE. --verify ile: yalnız bunlara güvenilir",
      }),
    )
    .option(
      '--out <file>',
      command.text({
        en: 'the file to write; <member>-<reference>.evidence.json unless given',
        tr: 'yazılacak dosya; verilmezse <üye>-<referans>.evidence.json',
      }),
    )
    .option(
      '--verify <file>',
      command.text({
        en: 'prove this file; needs neither the gateway nor a network',
        tr: 'bu dosyayı kanıtlar; ne geçit ne de ağ gerekir',
      }),
    )
    .examples(
      'evidence --member TIB --reference GW17-4T9ZK2M8QWERTY01 --certificates mkk.pem',
      'evidence --verify TIB-GW17-4T9ZK2M8QWERTY01.evidence.json',
    )
    .action(async (options: EvidenceOptions) => {
      const { makeOrProve } = await import('../evidence/run.ts');
      command.shell.exitCode = (await makeOrProve(options)) ? EXIT.done : EXIT.failed;
    });
}
