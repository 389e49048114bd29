/** `api-key`: a key for a system that calls the gateway, shown once, with the entry that lets it in. */
import type { ShellCommand } from '../command.ts';
import type { ApiKeyOptions } from '../keys/api-key.ts';

export function apiKey(program: ShellCommand): void {
  const command = program.command('api-key');
  command
    .about({
      en: 'Makes an API key and the entry for the clients file',
      tr: 'API anahtarı ve istemciler dosyası için kaydını üretir',
    })
    .option(
      '--name <name>',
      command.text({
        en: 'of the client, as logs and the journal show it',
        tr: 'istemcinin günlüklerde görünen adı',
      }),
      '',
    )
    .option(
      '--members <codes>',
      command.text({
        en: 'the member codes that it may ask for, with commas between them',
        tr: 'isteyebileceği üye kodları, virgülle ayrılmış',
      }),
      '',
    )
    .option(
      '--operator',
      command.text({
        en: 'it may also pause and resume these members',
        tr: 'bu üyeleri duraklatıp sürdürebilir',
      }),
      false,
    )
    .option(
      '--auditor',
      command.text({
        en: 'it may also read the access trail of these members',
        tr: 'bu üyelerin erişim izini okuyabilir',
      }),
      false,
    )
    .examples('api-key --name reconciliation --members TIB')
    .action(async (options: ApiKeyOptions) => {
      const { makeApiKey } = await import('../keys/api-key.ts');
      console.log(makeApiKey(command.shell, options));
    });
}
