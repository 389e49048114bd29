/** The sandbox's options out of environment variables. */
import type { MemberName } from './files/members.ts';
import type { SandboxOptions } from './options.ts';
import { parseShapeValue, SHAPE_FIELDS, type Shape } from './shape.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const SHAPE_PREFIX = 'SANDBOX_SHAPE_';

/**
 * Reads the SANDBOX_ variables; SANDBOX_SHAPE_CSV_DELIMITER and its like set the shape's fields.
 * @throws RangeError naming the variable that makes no sense.
 */
export function readEnvironment(environment: Environment): SandboxOptions {
  const get = (name: string): string | undefined => environment[name] || undefined;
  const list = (name: string): string[] =>
    get(name)
      ?.split(',')
      .map((item) => item.trim()) ?? [];
  const rows = numberOf(environment, 'SANDBOX_ROWS', 1000);
  return {
    host: get('SANDBOX_HOST') ?? '127.0.0.1',
    port: numberOf(environment, 'SANDBOX_PORT', 4443),
    tls: get('SANDBOX_TLS') === 'true',
    tlsNames: list('SANDBOX_TLS_NAMES'),
    dataDirectory: get('SANDBOX_DATA_DIR') ?? './sandbox-data',
    members: (get('SANDBOX_MEMBERS') ?? 'TIB:TIB991,AKY:AKY991').split(',').map(parseMember),
    seed: get('SANDBOX_SEED') ?? 'mks',
    prepareSeconds: numberOf(environment, 'SANDBOX_PREPARE_SECONDS', 4),
    lifetimeSeconds: numberOf(environment, 'SANDBOX_LIFETIME_SECONDS', 3600),
    acceptsOverlaps: get('SANDBOX_OVERLAPS') === 'accepted',
    hoursEnforced: get('SANDBOX_HOURS') === 'on',
    datesWithoutData: list('SANDBOX_DATES_WITHOUT_DATA'),
    answerContentType: get('SANDBOX_ANSWER_CONTENT_TYPE') ?? 'text/plain',
    shape: { rows, ...readShape(environment) },
  };
}

function readShape(environment: Environment): Partial<Shape> {
  const variables = Object.entries(environment).filter(([name]) => name.startsWith(SHAPE_PREFIX));
  return Object.fromEntries(
    variables.map(([variable, text = '']) => {
      const field = SHAPE_FIELDS.find((name) => SHAPE_PREFIX + upperSnake(name) === variable);
      if (field === undefined) throw new RangeError(`${variable} is no field of the shape`);
      return [field, parseShapeValue(field, text)];
    }),
  );
}

function upperSnake(name: string): string {
  return name.replaceAll(/[A-Z]/g, '_$&').toUpperCase();
}

function numberOf(environment: Environment, name: string, otherwise: number): number {
  const text = environment[name] || undefined;
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new RangeError(`${name} must be a number`);
  return value;
}

function parseMember(text: string): MemberName {
  const [memberCode = '', userCode = ''] = text.trim().split(':');
  return { memberCode, userCode };
}
