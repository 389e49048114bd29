/** `trail`: the access trail, proved and written as CSV from its files. */
import type { ShellCommand } from '../command.ts';
import { EXIT } from '../failures.ts';

export function trail(program: ShellCommand): void {
  const command = program.command('trail');
  command.about({ en: 'The access trail: who saw what', tr: 'Erişim izi: kim neyi gördü' });
  addVerify(command);
  addExport(command);
}

interface VerifyOptions {
  certificates?: string;
  checkpoints?: string;
  timestampCa?: string;
}

function addVerify(parent: ShellCommand): void {
  const command = parent.command('verify');
  command
    .about(
      { en: 'Proves trail files offline', tr: 'İz dosyalarını çevrimdışı kanıtlar' },
      {
        en: 'Of a folder everything has to be there; of single files what comes before and after them is not asked for. Exit code 0: proved; 1: not.',
        tr: 'Klasör verilirse her şey orada olmalı; tek tek dosyalarda öncesi ve sonrası aranmaz. Çıkış kodu 0: kanıtlandı; 1: kanıtlanamadı.',
      },
    )
    .argument('<FILE...>', command.text({ en: 'files, or a folder', tr: 'dosyalar ya da klasör' }))
    .option(
      '--certificates <file>',
      command.text({
        en: 'PEM: believe checkpoints signed with these alone',
        tr: 'PEM: yalnızca bunlarla imzalanan denetim noktalarına inanılır',
      }),
    )
    .option(
      '--checkpoints <file>',
      command.text({
        en: 'checkpoints kept elsewhere, one compact JWS a line',
        tr: 'başka yerde saklanan denetim noktaları, satır başına bir kompakt JWS',
      }),
    )
    .option(
      '--timestamp-ca <file>',
      command.text({
        en: 'PEM: believe time stamps that these authorities vouch for alone',
        tr: 'PEM: yalnızca bu makamların kefil olduğu zaman damgalarına inanılır',
      }),
    )
    .examples('trail verify /var/lib/mks-gateway/trail --certificates TIB.pem')
    .action(async (files: string[], options: VerifyOptions) => {
      const { verify } = await import('../trail/run.ts');
      command.shell.exitCode = (await verify(files, options)) ? EXIT.done : EXIT.failed;
    });
}

function addExport(parent: ShellCommand): void {
  const command = parent.command('export');
  const times = command.text({
    en: 'RFC 3339, or YYYYMMDD in Istanbul; included',
    tr: 'RFC 3339 ya da İstanbul günü YYYYAAGG; dahil',
  });
  command
    .about({ en: 'Writes trail files as CSV', tr: 'İz dosyalarını CSV olarak yazar' })
    .argument(
      '[FOLDER]',
      command.text({
        en: 'DATA_DIR/trail unless given',
        tr: 'verilmezse DATA_DIR/trail',
      }),
    )
    .option('--from <time>', times)
    .option('--to <time>', times)
    .examples('trail export /var/lib/mks-gateway/trail --from 20260101 --to 20261231')
    .action(async (folder: string | undefined, options: { from?: string; to?: string }) => {
      const { write } = await import('../trail/run.ts');
      await write(folder, options);
    });
}
