/**
 * Small changes of a source text, each of which a test should notice: a comparison off by one or turned around, a
 * condition that always or never holds, a call left out, a number one too large.
 *
 * Types are blanked first (Node keeps every place), so that a parser of JavaScript can read what runs, and a change
 * of the script is one of the source.
 */
import { stripTypeScriptTypes } from 'node:module';
import { parse, type Node } from 'acorn';
import { full } from 'acorn-walk';

export interface Mutant {
  /** From the root, e.g. `src/mks/call.ts`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** That line, without the spaces around it, shortened. */
  readonly text: string;
  /** File, change and line, which lead to it wherever the line moves to; the second of the same has a 2 behind it. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly from: string;
  readonly to: string;
}

/** So much of a text is shown. */
const SHOWN_MAX = 60;

/** What takes the place of an operator. */
const OPERATORS: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '-': '+',
  '*': '/',
  '/': '*',
  '%': '*',
  '&&': '||',
  '||': '&&',
};

type Parts = Node & {
  operator: string;
  left: Node;
  right: Node;
  test: Node | null;
  value: unknown;
  raw: string;
  expression: Node;
};

/** @param text the TypeScript source of `file` @returns its mutants, in the order of their places */
export function mutantsOf(file: string, text: string): Mutant[] {
  const script = stripTypeScriptTypes(text);
  const program = parse(script, { ecmaVersion: 'latest', sourceType: 'module' });
  const lines = text.split('\n');
  const found: Omit<Mutant, 'name'>[] = [];
  full(program, (node) => mutate(node as Parts));
  found.sort((one, other) => one.start - other.start || one.end - other.end);
  const seen = new Map<string, number>();
  return found.map((mutant) => ({ ...mutant, name: nameOf(mutant) }));

  function nameOf(mutant: Omit<Mutant, 'name'>): string {
    const name = `${file} | ${shown(mutant)} | ${mutant.text}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name} | ${times}`;
  }

  function mutate(node: Parts): void {
    switch (node.type) {
      case 'BinaryExpression':
      case 'LogicalExpression':
        swapOperator(node);
        break;
      case 'IfStatement':
      case 'ConditionalExpression':
        if (node.test) add(node.test, 'true');
        if (node.test) add(node.test, 'false');
        break;
      case 'Literal':
        if (typeof node.value === 'boolean') add(node, String(!node.value));
        if (typeof node.value === 'number') add(node, String(node.value + 1));
        break;
      case 'UnaryExpression':
        if (node.operator === '!') add({ ...node, end: node.start + 1 }, '');
        break;
      case 'ExpressionStatement':
        if (/^(?:CallExpression|AwaitExpression|AssignmentExpression)$/.test(node.expression.type))
          add(node.expression, 'void 0');
        break;
    }
  }

  function swapOperator({ operator, left, right }: Parts): void {
    const to = OPERATORS[operator];
    if (to === undefined) return;
    // Between the operands nothing but the operator, spaces and brackets stands.
    const start = script.indexOf(operator, left.end);
    if (start < 0 || start >= right.start) return;
    add({ start, end: start + operator.length } as Node, to);
  }

  function add({ start, end }: Node, to: string): void {
    const line = text.slice(0, start).split('\n').length;
    const from = text.slice(start, end);
    found.push({ file, line, text: short(lines[line - 1]?.trim() ?? ''), start, end, from, to });
  }
}

/** `text` with the change. */
export function applied(text: string, { start, end, to }: Mutant): string {
  return `${text.slice(0, start)}${to}${text.slice(end)}`;
}

/** A change in a line: `a < b → a <= b`, shortened. */
export function shown({ from, to }: Pick<Mutant, 'from' | 'to'>): string {
  return `${short(from)} → ${short(to) || 'nothing'}`;
}

/** In one line, of bounded length. */
function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > SHOWN_MAX ? `${line.slice(0, SHOWN_MAX)}…` : line;
}
