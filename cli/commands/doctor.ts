/** `doctor`: a configuration, the way to MKS and what MKS says, looked at before it goes live. */
import type { ShellCommand } from '../command.ts';
import { CommandError, EXIT } from '../failures.ts';

/** What it tells when it cannot tell anything. */
const UNKNOWN = 2;

export function doctor(program: ShellCommand): void {
  const command = program.command('doctor');
  command
    .about(
      {
        en: 'Checks a configuration, the way to MKS and what MKS says',
        tr: 'Yapılandırmayı, MKS’ye giden yolu ve MKS’nin dediğini denetler',
      },
      {
        en: 'It wants the environment of the gateway. Exit code 0: all is well, warnings or not; 1: something is wrong; 2: it cannot be told.',
        tr: 'Geçidin ortam değişkenleriyle çalışır. Çıkış kodu 0: her şey yolunda, uyarılı ya da uyarısız; 1: sorun var; 2: söylenemiyor.',
      },
    )
    .option(
      '--signed',
      command.text({
        en: 'also ask MKS a signed question: it proves both certificates',
        tr: 'MKS’ye imzalı bir soru da sorar: iki sertifikayı da kanıtlar',
      }),
    )
    .examples('doctor --signed', 'doctor --json')
    .action(async () => {
      try {
        const { visit } = await import('../doctor/run.ts');
        const isWell = await visit(command.shell, command.optsWithGlobals());
        command.shell.exitCode = isWell ? EXIT.done : EXIT.failed;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new CommandError(message, { exitCode: UNKNOWN, cause: error });
      }
    });
}
