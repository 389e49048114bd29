/** The scripts that complete words in bash and zsh. They hold all words: nothing is started at a Tab. */
import type { Place, Word } from './words.ts';

const PROGRAM = 'mks-gateway';

export function bashScript(places: readonly Place[]): string {
  return `# bash completion of ${PROGRAM}
_mks_gateway() {
  local word where='' current="\${COMP_WORDS[COMP_CWORD]}" words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$where $word" in
${places.slice(1).map(enter).join('\n')}
    esac
  done
  case "$where:\${COMP_WORDS[COMP_CWORD-1]}" in
${places.flatMap((place) => valueCases(place, bashValue)).join('\n')}
  esac
  case "$where" in
${places.map((place) => `    ${quoted(place.path)}) words=${quoted(textsOf(place))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _mks_gateway ${PROGRAM}
`;
}

export function zshScript(places: readonly Place[]): string {
  return `#compdef ${PROGRAM}
# zsh completion of ${PROGRAM}
_mks_gateway() {
  local word where=''
  local -a items
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$where $word" in
${places.slice(1).map(enter).join('\n')}
    esac
  done
  case "$where:\${words[CURRENT-1]}" in
${places.flatMap((place) => valueCases(place, zshValue)).join('\n')}
  esac
  case "$where" in
${places.map((place) => `    ${quoted(place.path)}) items=(${described(place)}) ;;`).join('\n')}
  esac
  _describe ${PROGRAM} items
  _files
}
if [ "$funcstack[1]" = "_mks_gateway" ]; then
  _mks_gateway "$@"
else
  compdef _mks_gateway ${PROGRAM}
fi
`;
}

function enter({ path }: Place): string {
  return `      ${quoted(path)}) where=${quoted(path)} ;;`;
}

type Value = Place['values'][number];

function valueCases({ path, values }: Place, complete: (value: Value) => string): string[] {
  return values.map((value) => {
    const patterns = value.flags.map((flag) => quoted(`${path}:${flag}`)).join('|');
    return `    ${patterns}) ${complete(value)} return ;;`;
  });
}

/** Without words bash falls back to files; nothing else is known of such a value. */
function bashValue({ choices }: Value): string {
  return `COMPREPLY=($(compgen -W ${quoted(choices.join(' '))} -- "$current"));`;
}

function zshValue({ choices, isFile }: Value): string {
  if (choices.length > 0) return `compadd -- ${choices.map(quoted).join(' ')};`;
  return isFile ? '_files;' : '';
}

function textsOf({ commands, options }: Place): string {
  return [...commands, ...options].map(({ text }) => text).join(' ');
}

function described({ commands, options }: Place): string {
  const item = ({ text, about }: Word): string => quoted(`${text}:${about}`);
  return [...commands, ...options].map(item).join(' ');
}

/** One word of a shell, whatever is in it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
