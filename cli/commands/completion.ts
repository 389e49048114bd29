/** `completion SHELL`: a script that completes commands, options and their values. */
import { Argument } from 'commander';
import type { ShellCommand } from '../command.ts';

export function completion(program: ShellCommand): void {
  const command = program.command('completion');
  command
    .about(
      { en: 'Completion of words for bash or zsh', tr: 'bash ya da zsh için sözcük tamamlama' },
      {
        en: 'Prints a script: bash reads it with "source", zsh takes it as the file _mks-gateway in a folder of its fpath.',
        tr: 'Bir betik yazar: bash bunu "source" ile okur, zsh fpath klasörlerinden birinde _mks-gateway dosyası olarak alır.',
      },
    )
    .addArgument(
      new Argument(command.text({ en: '<SHELL>', tr: '<KABUK>' })).choices(['bash', 'zsh']),
    )
    .examples('completion bash > ~/.local/share/bash-completion/completions/mks-gateway')
    .action(async (shell: 'bash' | 'zsh') => {
      const { placesOf } = await import('../completion/words.ts');
      const { bashScript, zshScript } = await import('../completion/scripts.ts');
      const write = { bash: bashScript, zsh: zshScript }[shell];
      command.shell.stdout.write(write(placesOf(program)));
    });
}
