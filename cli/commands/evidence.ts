/** `evidence`: an exchange with MKS, or a check of a ledger, as a file that proves itself, and the proof of such a file. */
import type { ShellCommand } from '../command.ts';
import type { EvidenceOptions } from '../evidence/run.ts';
import { EXIT } from '../failures.ts';

export function evidence(program: ShellCommand): void {
  const command = program.command('evidence');
  command
    .about(
      {
        en: 'Makes the evidence of an exchange with MKS or of a check, or proves one offline',
        tr: 'MKS ile bir yazışmanın ya da bir kontrolün kanıtını üretir veya çevrimdışı kanıtlar',
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
      '--check <id>',
      command.text({
        en: 'in place of both: the id of a check of a ledger that was kept',
        tr: 'ikisinin yerine: saklanmış bir defter kontrolünün kimliği',
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
        en: 'the file to write; <member>-<reference or check>.evidence.json unless given',
        tr: 'yazılacak dosya; verilmezse <üye>-<referans ya da kontrol>.evidence.json',
      }),
    )
    .option(
      '--verify <file>',
      command.text({
        en: 'prove this file; needs neither the gateway nor a network',
        tr: 'bu dosyayı kanıtlar; ne geçit ne de ağ gerekir',
      }),
    )
    .option(
      '--ledger <file>',
      command.text({
        en: 'with --verify of a check: the ledger must be this file',
        tr: "bir kontrolün --verify'ı ile: defter bu dosya olmalı",
      }),
    )
    .option(
      '--rows <file>',
      command.text({
        en: "the same of the report's rows, as NDJSON",
        tr: 'aynısı raporun satırları için, NDJSON olarak',
      }),
    )
    .examples(
      'evidence --member TIB --reference GW17-4T9ZK2M8QWERTY01 --certificates mkk.pem',
      'evidence --verify TIB-GW17-4T9ZK2M8QWERTY01.evidence.json',
      'evidence --check 0c9c1c52-6b0a-4c39-9f6e-2f0a6a2f8f11',
    )
    .action(async (options: EvidenceOptions) => {
      const { makeOrProve } = await import('../evidence/run.ts');
      command.shell.exitCode = (await makeOrProve(options)) ? EXIT.done : EXIT.failed;
    });
}
