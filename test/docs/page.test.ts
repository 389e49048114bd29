/** What the test of the guides goes by: how a page is read, and when an output is as shown. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertShown, commandsOf, shapeOf, typedOf, untestedOf } from './page.ts';

const PAGE = `# One

\`\`\`sh
echo 1    # says one
\`\`\`

\`\`\`text
1
\`\`\`

## Two

\`\`\`sh no-test: it ends the machine
shutdown now
\`\`\`

\`\`\`sh
# in words
echo 2
\`\`\`

It says 2:

\`\`\`json
2
\`\`\`
`;

test('a page is read as commands, outputs, reasons and shape', () => {
  assert.deepEqual(
    commandsOf(PAGE).map(({ line, body, shows }) => [line, body, shows?.body]),
    [
      [3, 'echo 1    # says one\n', '1\n'],
      [17, '# in words\necho 2\n', undefined],
    ],
  );
  assert.deepEqual(untestedOf(PAGE), ['no-test: it ends the machine']);
  assert.deepEqual(shapeOf(PAGE), ['#', 'sh', 'text', '##', 'sh', 'sh', 'json']);
  assert.deepEqual(typedOf(PAGE), ['echo 1\n', 'shutdown now\n', '\necho 2\n']);
});

const CASES: [info: string, shown: string, right: string[], wrong: string[]][] = [
  ['text', 'a …, b\n', ['a 1, b', 'a (.), b\n'], ['a 1\n, b', 'a 1, b\nc', ' a 1, b', '']],
  ['text', 'a\n…\nb.c\n', ['a\nb.c\n', 'a\n1\n2\nb.c'], ['a\nbxc\n', 'a\nb.c\nd']],
  ['json', '{"a": "1…", "b": [1, "…"]}', ['{"b":[1,2,3],"a":"12"}', '{"b":[1],"a":"1"}'], []],
  ['json', '{"a": "1…", "b": [1, "…"]}', [], ['{"a":"1","b":[]}', '{"a":1,"b":[1]}', 'a']],
  ['json', '{"a": "…", "…": "…"}', ['{"a":[],"b":1}', '{"a":null}'], ['{"b":1}', '[]', 'null']],
  ['json', '{"a": 1}', ['{"a":1}'], ['{"a":1,"b":1}', '{"a":"1"}', '{"b":1}']],
  ['json', '[1, 2]', ['[1, 2]'], ['[1]', '[1, 2, 3]', '{"0":1,"1":2}']],
];

test('an output is held against what is shown', () => {
  for (const [info, body, right, wrong] of CASES) {
    const shows = { line: 1, info, body };
    for (const output of right) assertShown(shows, output, body);
    for (const output of wrong) {
      assert.throws(() => assertShown(shows, output, body), assert.AssertionError, output);
    }
  }
});
