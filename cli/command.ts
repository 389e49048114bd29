/** commander's commands as this command line has them: in both languages, and wrong use is thrown. */
import { Command, Help, InvalidArgumentError, type Argument, type Option } from 'commander';
import { UsageError } from './failures.ts';
import type { Localised } from './language.ts';
import { say, type Shell } from './shell.ts';

const PROGRAM = 'mks-gateway';

const TITLES: Record<string, Localised> = {
  'Usage:': { en: 'Usage:', tr: 'Kullanım:' },
  'Arguments:': { en: 'Arguments:', tr: 'Argümanlar:' },
  'Options:': { en: 'Options:', tr: 'Seçenekler:' },
  'Commands:': { en: 'Commands:', tr: 'Komutlar:' },
  'Global Options:': { en: 'For every command:', tr: 'Her komut için:' },
};
const HELP_OPTION: Localised = { en: 'shows this', tr: 'bunu gösterir' };
/** What stands for a value in the flags of an option. */
const VALUES: Record<string, string> = {
  amount: 'tutar',
  code: 'kod',
  codes: 'kodlar',
  day: 'gün',
  file: 'dosya',
  folder: 'klasör',
  id: 'kimlik',
  name: 'ad',
  number: 'no',
  reference: 'referans',
  seconds: 'saniye',
  state: 'durum',
  text: 'metin',
  time: 'zaman',
};
const COMMAND: Localised = { en: 'command', tr: 'komut' };
const OPTIONS: Localised = { en: 'options', tr: 'seçenekler' };
const ONE_OF: Localised = { en: 'one of', tr: 'şunlardan biri' };

function written(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? '…' : ''}`;
  return argument.required ? name : `[${name}]`;
}

/** The flags with the names of their values in the language of the shell. */
function flagsOf(shell: Shell, flags: string): string {
  return flags.replace(/<(\w+)>/, (value, en: string) =>
    say(shell, { en: value, tr: `<${VALUES[en] ?? en}>` }),
  );
}

/** How this program was called: by npm under one of its names there, or by its own. */
function callOf({ env }: Shell, path: readonly string[]): string {
  const script = env['npm_lifecycle_event'];
  if (script === 'mks') return ['npm run --silent mks --', ...path].join(' ');
  const [first, ...rest] = path;
  return script !== undefined && script === first
    ? [`npm run ${script} --`, ...rest].join(' ')
    : [PROGRAM, ...path].join(' ');
}

class LocalisedHelp extends Help {
  readonly #shell: Shell;

  constructor(shell: Shell) {
    super();
    this.#shell = shell;
    this.showGlobalOptions = true;
  }

  override commandUsage(command: Command): string {
    const parts = [
      ...(command.commands.length > 0 ? [`<${say(this.#shell, COMMAND)}>`] : []),
      `[${say(this.#shell, OPTIONS)}]`,
      ...command.registeredArguments.map(written),
    ];
    return `${callOf(this.#shell, pathOf(command))} ${parts.join(' ')}`;
  }

  override subcommandTerm(command: Command): string {
    return [command.name(), ...command.registeredArguments.map(written)].join(' ');
  }

  override optionDescription({ description, argChoices }: Option): string {
    if (argChoices === undefined) return description;
    return `${description} (${say(this.#shell, ONE_OF)}: ${argChoices.join(', ')})`;
  }

  override optionTerm({ flags }: Option): string {
    return flagsOf(this.#shell, flags);
  }

  override styleTitle(title: string): string {
    const text = TITLES[title];
    return text === undefined ? title : say(this.#shell, text);
  }
}

/** The names that lead to a command, without the program's own. */
export function pathOf(command: Command): string[] {
  return command.parent === null ? [] : [...pathOf(command.parent), command.name()];
}

/**
 * A command that knows its shell. What commander would say of wrong use itself is said here, in both
 * languages: these methods are commander's own seams, and a test of each holds them.
 */
export class ShellCommand extends Command {
  readonly shell: Shell;

  constructor(shell: Shell, name?: string) {
    super(name);
    this.shell = shell;
    this.helpOption('-h, --help', say(shell, HELP_OPTION));
    this.helpCommand(false);
    this.exitOverride();
    this.allowExcessArguments(false);
    this.configureOutput({
      writeOut: (text) => shell.stdout.write(text),
      writeErr: (text) => shell.stderr.write(text),
    });
  }

  override createCommand(name?: string): ShellCommand {
    return new ShellCommand(this.shell, name);
  }

  override createHelp(): Help {
    return new LocalisedHelp(this.shell);
  }

  /** The first line stands in the list of commands too. */
  about(text: Localised, more?: Localised): this {
    const summary = say(this.shell, text);
    this.summary(summary);
    return this.description(
      more === undefined ? summary : `${summary}\n\n${say(this.shell, more)}`,
    );
  }

  /** Lines that can be typed as they stand, without the name of the program. */
  examples(...lines: string[]): this {
    const title = say(this.shell, { en: 'Examples:', tr: 'Örnekler:' });
    const shown = lines.map((line) => `  ${callOf(this.shell, [line])}`);
    return this.addHelpText('after', `\n${title}\n${shown.join('\n')}`);
  }

  text(text: Localised): string {
    return say(this.shell, text);
  }

  missingArgument(name: string): never {
    throw new UsageError(this.text({ en: `${name} is missing`, tr: `${name} eksik` }));
  }

  optionMissingArgument(option: Option): never {
    const flags = flagsOf(this.shell, option.flags);
    throw new UsageError(
      this.text({ en: `${flags} needs its value`, tr: `${flags} bir değer ister` }),
    );
  }

  missingMandatoryOptionValue(option: Option): never {
    const flags = flagsOf(this.shell, option.flags);
    throw new UsageError(this.text({ en: `${flags} is missing`, tr: `${flags} eksik` }));
  }

  unknownOption(flag: string): never {
    throw new UsageError(
      this.text({ en: `There is no option ${flag}`, tr: `${flag} diye bir seçenek yok` }),
    );
  }

  unknownCommand(): never {
    const [name = ''] = this.args;
    throw new UsageError(
      this.text({ en: `There is no command ${name}`, tr: `${name} diye bir komut yok` }),
    );
  }

  /** A value that is none of the choices. */
  _callParseArg<T>(target: Option | Argument, value: string, previous: T): T {
    try {
      return (target.parseArg as unknown as (value: string, previous: T) => T)(value, previous);
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error;
      const name = 'flags' in target ? flagsOf(this.shell, target.flags) : target.name();
      const choices = (target.argChoices ?? []).join(', ');
      throw new UsageError(
        this.text({
          en: `${name}: ${value} is not one of ${choices}`,
          tr: `${name}: ${value} şunlardan biri değil: ${choices}`,
        }),
        { cause: error },
      );
    }
  }

  _excessArguments(given: readonly string[]): never {
    const extra = given.slice(this.registeredArguments.length).join(' ');
    throw new UsageError(this.text({ en: `Too much: ${extra}`, tr: `Fazla: ${extra}` }));
  }
}
