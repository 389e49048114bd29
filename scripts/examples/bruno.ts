/** The Bruno collection, made of the OpenAPI document: one request an operation, by its example. */

interface Operation {
  operationId: string;
  summary?: string;
  tags?: string[];
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Media> };
}

interface Parameter {
  name: string;
  in: 'query' | 'path' | 'header';
  required?: boolean;
  description?: string;
  schema?: { examples?: Scalar[]; enum?: Scalar[]; default?: Scalar };
  example?: Scalar;
}

type Scalar = string | number | boolean;

interface Media {
  example?: unknown;
  examples?: Record<string, { value?: unknown }>;
}

export interface Document {
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
}

/** The files of the collection by their paths in it. */
export function brunoCollection({ info, paths }: Document): Map<string, string> {
  const files = new Map([
    ['bruno.json', json({ version: '1', name: info.title, type: 'collection' })],
    ['collection.bru', block('auth', ['mode: bearer']) + block('auth:bearer', ['token: {{key}}'])],
    [
      'environments/local.bru',
      block('vars', ['url: http://127.0.0.1:3000', 'member: TIB', 'id:']) +
        list('vars:secret', ['key']),
    ],
  ]);
  const counts = new Map<string, number>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const folder = operation.tags?.[0] ?? 'other';
      const seq = (counts.get(folder) ?? 0) + 1;
      counts.set(folder, seq);
      files.set(`${folder}/${operation.operationId}.bru`, requestOf(path, method, operation, seq));
    }
  }
  return files;
}

function requestOf(path: string, method: string, operation: Operation, seq: number): string {
  const { operationId, summary = '', parameters = [], requestBody } = operation;
  const of = (place: Parameter['in']): Parameter[] =>
    parameters.filter((each) => each.in === place);
  const query = of('query').map(
    (each) => `${isSent(each) ? '' : '~'}${each.name}: ${valueOf(each)}`,
  );
  const search = of('query')
    .filter(isSent)
    .map((each) => `${each.name}=${valueOf(each)}`)
    .join('&');
  const address = `{{url}}${path.replaceAll(/\{(\w+)\}/g, ':$1')}${search === '' ? '' : `?${search}`}`;
  const [type = '', media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const body = bodyOf(type, media);
  return [
    block('meta', [`name: ${operationId}`, 'type: http', `seq: ${seq}`]),
    block(method, [`url: ${address}`, `body: ${body.kind}`, 'auth: inherit']),
    block('params:query', query),
    block(
      'params:path',
      of('path').map((each) => `${each.name}: ${valueOf(each)}`),
    ),
    block('headers', [
      // What is sent as text goes under its own name.
      ...(body.kind === 'text' ? [`Content-Type: ${type}`] : []),
      ...of('header').map((each) => `~${each.name}: ${valueOf(each)}`),
    ]),
    ...(body.text === undefined
      ? []
      : [block(`body:${body.kind}`, body.text.trimEnd().split('\n'))]),
    block('docs', [summary]),
  ].join('');
}

/** What is sent unless it is switched off; a key with several members needs the member's name. */
function isSent({ name, required }: Parameter): boolean {
  return required === true || name === 'member';
}

/** What stands in for a value: the variable of the environment that has its name, or the document's example. */
function valueOf({ name, schema, example }: Parameter): string {
  if (name === 'member' || name === 'id') return `{{${name}}}`;
  const value = example ?? schema?.examples?.[0] ?? schema?.default ?? schema?.enum?.[0] ?? '';
  return String(value);
}

function bodyOf(type: string, media: Media | undefined): { kind: string; text?: string } {
  if (media === undefined) return { kind: 'none' };
  const value = media.example ?? Object.values(media.examples ?? {})[0]?.value;
  return type === 'application/json'
    ? { kind: 'json', text: JSON.stringify(value ?? {}, null, 2) }
    : { kind: 'text', text: typeof value === 'string' ? value : '' };
}

/** Bruno's own form: a name and lines in braces; nothing where there are none. */
function block(name: string, lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `${name} {\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n}\n\n`;
}

function list(name: string, items: readonly string[]): string {
  return `${name} [\n${items.map((item) => `  ${item}`).join(',\n')}\n]\n`;
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
