#!/usr/bin/env node
// What starts the command line. Plain JavaScript, read by an old Node too, which is told so.
const LEAST_NODE = 24;
const [major] = process.versions.node.split('.');

if (Number(major) < LEAST_NODE) {
  console.error(
    `mks-gateway: Node ${LEAST_NODE} or newer is needed; this is ${process.version}\n` +
      `mks-gateway: Node ${LEAST_NODE} ya da yenisi gerekli; bu ${process.version}`,
  );
  process.exitCode = 1;
} else {
  await keepCompiled();
  // Node takes the types out of our sources by itself, but not where they lie in node_modules.
  if (import.meta.url.includes('/node_modules/')) await takeTypesOut();
  await import('./main.ts');
}

/** Compiled code stays in the cache of whoever runs it: a start takes a third of the time then. */
async function keepCompiled() {
  const { enableCompileCache } = await import('node:module');
  const { HOME, XDG_CACHE_HOME = HOME && `${HOME}/.cache` } = process.env;
  // Where it cannot be written, nothing is kept, and nothing is said.
  if (XDG_CACHE_HOME) enableCompileCache(`${XDG_CACHE_HOME}/mks-gateway`);
}

async function takeTypesOut() {
  const { readFileSync } = await import('node:fs');
  const { registerHooks, stripTypeScriptTypes } = await import('node:module');
  const { fileURLToPath } = await import('node:url');
  const { emitWarning } = process;
  // It warns once that it is new; that is nothing for whoever wants balances.
  process.emitWarning = () => {};
  stripTypeScriptTypes('');
  process.emitWarning = emitWarning;
  const ours = new URL('..', import.meta.url).href;
  registerHooks({
    load(url, context, nextLoad) {
      if (!url.startsWith(ours) || !url.endsWith('.ts')) return nextLoad(url, context);
      const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'));
      return { format: 'module', source, shortCircuit: true };
    },
  });
}
