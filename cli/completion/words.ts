/** What can be typed where, read off the commands themselves. */
import type { Command, Option } from 'commander';

export interface Place {
  /** The commands that lead here, with a space before each; empty at the beginning. */
  path: string;
  commands: Word[];
  options: Word[];
  /** Options that want a value, by each way to write them. */
  values: { flags: string[]; choices: string[]; isFile: boolean }[];
}

export interface Word {
  text: string;
  about: string;
}

export function placesOf(program: Command): Place[] {
  const visit = (command: Command, path: string): Place[] => {
    const ofProgram = command === program ? [] : program.options;
    const options = [...optionsOf(command), ...ofProgram];
    return [
      {
        path,
        commands: command.commands.map((child) => ({ text: child.name(), about: child.summary() })),
        options: options.flatMap((option) =>
          option.long === undefined ? [] : [{ text: option.long, about: option.description }],
        ),
        values: options
          .filter(({ required }) => required)
          .map((option) => ({
            flags: [option.short, option.long].filter((flag) => flag !== undefined),
            choices: option.argChoices ?? [],
            isFile: /<(?:file|folder)>/.test(option.flags),
          })),
      },
      ...command.commands.flatMap((child) => visit(child, `${path} ${child.name()}`)),
    ];
  };
  return visit(program, '');
}

function optionsOf(command: Command): Option[] {
  return [...command.createHelp().visibleOptions(command)];
}
