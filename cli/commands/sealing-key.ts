/** `sealing-key`: a new line for the sealing keys file. */
import type { ShellCommand } from '../command.ts';

export function sealingKey(program: ShellCommand): void {
  program
    .command('sealing-key')
    .about(
      {
        en: 'Prints a new line for SEALING_KEYS_FILE',
        tr: 'SEALING_KEYS_FILE için yeni satır yazar',
      },
      {
        en: 'Put it first to seal with it from now on, and leave the lines before it until nothing is left that they opened.',
        tr: 'Bundan sonra onunla mühürlemek için en başa koyun; eski satırları, açtıkları hiçbir şey kalmayana dek bırakın.',
      },
    )
    .action(async () => {
      const { makeSealingKey } = await import('../keys/sealing-key.ts');
      console.log(makeSealingKey());
    });
}
